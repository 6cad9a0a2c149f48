using System.Text.Json.Nodes;
using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Packs;

/// <summary>Makes the catalogue what files say, in one transaction: all of it, or nothing when anything is wrong.</summary>
internal sealed class PackApplier(
    ICatalogue catalogue, ITriggerRepository triggers, IActionRepository actions, IRuleRepository rules, PackPruner pruner)
{
    private const int MostMistakes = 20;

    /// <param name="files">What the files say. Where they have mistakes, the rest is tried all the same, and undone.</param>
    /// <param name="prunes">Whether what files said once, and no longer say, is deleted.</param>
    /// <param name="isTrial">Whether everything is undone in the end.</param>
    /// <param name="cancellationToken">Gives up; nothing is changed.</param>
    public async Task<ApplyOutcome> ApplyAsync(PackFiles files, bool prunes, bool isTrial, CancellationToken cancellationToken)
    {
        try
        {
            return await catalogue.ChangeAsync(async _ =>
            {
                var outcome = await RunAsync(files, prunes, cancellationToken);
                return isTrial || outcome.Mistakes.Count > 0 ? throw new UndoneException(outcome) : outcome;
            }, cancellationToken);
        }
        catch (UndoneException undone)
        {
            return undone.Outcome;
        }
    }

    private async Task<ApplyOutcome> RunAsync(PackFiles files, bool prunes, CancellationToken cancellationToken)
    {
        var outcome = new ApplyOutcome();
        outcome.Mistakes.AddRange(files.Mistakes);
        outcome.Notes.AddRange(files.Notes);

        // A second round may come after one that stood in another's way: what is broken is found again.
        var broken = files.Broken.ToHashSet(StringComparer.Ordinal);
        foreach (var pack in files.Packs)
        {
            await KeepAsync(outcome, broken, "pack", pack, PackShapes.Of, _ => null,
                value => catalogue.ApplyPackAsync(value, cancellationToken), cancellationToken);
        }

        foreach (var trigger in files.Triggers)
        {
            await KeepAsync(outcome, broken, "trigger", trigger, PackShapes.Of, made => (CatalogueKind.Trigger, made.Id),
                value => triggers.ApplyAsync(value, cancellationToken), cancellationToken);
        }

        foreach (var action in files.Actions)
        {
            await KeepAsync(outcome, broken, "action", action, PackShapes.Of, made => (CatalogueKind.Action, made.Id),
                value => actions.ApplyAsync(value, cancellationToken), cancellationToken);
        }

        foreach (var rule in files.Rules)
        {
            await KeepAsync(outcome, broken, "rule", rule, PackShapes.Of, made => (CatalogueKind.Rule, made.Id),
                value => rules.ApplyAsync(value, cancellationToken), cancellationToken);
        }

        if (outcome.Mistakes.Count == 0)
        {
            await pruner.PruneAsync(files, prunes, outcome, cancellationToken);
        }

        return outcome;
    }

    private async Task KeepAsync<TSaid, TMade>(
        ApplyOutcome outcome, HashSet<string> broken, string kind, Said<TSaid> said, Func<TMade, JsonObject> shape,
        Func<TMade, (CatalogueKind Kind, long Id)?> mark, Func<TSaid, Task<Applied<TMade>>> apply, CancellationToken cancellationToken)
        where TSaid : class
        where TMade : class
    {
        var value = said.Value;
        var refusedFields = new HashSet<string>(StringComparer.Ordinal);
        while (true)
        {
            try
            {
                var applied = await apply(value);
                if (mark(applied.After) is { } made)
                {
                    await catalogue.MarkAppliedAsync(made.Kind, made.Id, cancellationToken);
                }

                outcome.Things.Add(new(
                    !applied.HasChanged ? "unchanged" : applied.Before is null ? "created" : "changed",
                    kind, said.Ref, applied.HasChanged ? Differences(applied, shape) : []));
                return;
            }
            catch (RefusedException refused)
            {
                Tell(outcome, broken, said, refused);
                broken.Add(said.Ref);
                if (refused.Field is null || refusedFields.Count == MostMistakes || !refusedFields.Add(refused.Field)
                    || Repairs.Without(value, refused.Field) is not { } rest)
                {
                    return;
                }

                value = rest;
            }
        }
    }

    // What a file with a mistake would have made is missing for that mistake alone.
    private static void Tell<T>(ApplyOutcome outcome, HashSet<string> broken, Said<T> said, RefusedException refused)
    {
        var missing = refused.Field switch
        {
            "trigger_ref" => (said.Value as NewRule)?.TriggerRef,
            "action_ref" => (said.Value as NewRule)?.ActionRef,
            _ => null,
        };
        var mistake = said.Mistake(refused.Field, Sentence(refused));
        if ((refused.Kind != RefusalKind.NotFound || missing is null || !broken.Contains(missing))
            && !outcome.Mistakes.Exists(other => other.File == mistake.File && other.At == mistake.At))
        {
            outcome.Mistakes.Add(mistake);
        }
    }

    private static IReadOnlyList<string> Differences<T>(Applied<T> applied, Func<T, JsonObject> shape)
        where T : class
    {
        var lines = ShapeDifference.Of(applied.Before is null ? null : shape(applied.Before), shape(applied.After));
        return lines.Count > 0 ? lines : applied.After switch
        {
            Trigger => ["~ webhook_config: a secret (not shown)"],
            _ => ["~ trigger_ref, action_ref: what has these references now"],
        };
    }

    private static string Sentence(RefusedException refused) => refused.Field is { } field
        && field.StartsWith("webhook_config.", StringComparison.Ordinal)
        && (field.EndsWith("secret", StringComparison.Ordinal) || field.EndsWith("password", StringComparison.Ordinal)
            || field.EndsWith("token", StringComparison.Ordinal))
        ? $"{refused.Message} None is stored to be kept; ${{NAME}} takes it from the environment."
        : refused.Message;

    private sealed class UndoneException(ApplyOutcome outcome) : Exception
    {
        public ApplyOutcome Outcome { get; } = outcome;
    }
}
