using Attune.Host.Files;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Packs;

/// <summary>
/// Finds what files said once and no longer say, in the packs that they are of, and deletes it. What was made in another way is not
/// looked at, and nothing goes that a rule still names.
/// </summary>
internal sealed class PackPruner(ICatalogue catalogue, ITriggerRepository triggers, IActionRepository actions, IRuleRepository rules)
{
    /// <param name="files">What the files say; it has been applied.</param>
    /// <param name="prunes">False to say only what there would be to delete.</param>
    /// <param name="outcome">Takes what was deleted, or why that cannot be.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task PruneAsync(PackFiles files, bool prunes, ApplyOutcome outcome, CancellationToken cancellationToken)
    {
        var packs = files.Packs.Select(pack => pack.Ref).ToHashSet(StringComparer.Ordinal);
        var allRules = await Listing.AllAsync(page => rules.ListAsync(new(), page, cancellationToken));
        var allTriggers = await Listing.AllAsync(page => triggers.ListAsync(enabledOnly: false, page, cancellationToken));
        var allActions = await Listing.AllAsync(page => actions.ListAsync(page, cancellationToken));
        var oldRules = await GoneAsync(
            CatalogueKind.Rule, allRules.Select(one => (one.Id, one.Ref, (string?)one.PackRef)), files.Rules.Select(one => one.Ref));
        var oldTriggers = await GoneAsync(
            CatalogueKind.Trigger, allTriggers.Select(one => (one.Id, one.Ref, one.PackRef)), files.Triggers.Select(one => one.Ref));
        var oldActions = await GoneAsync(
            CatalogueKind.Action, allActions.Select(one => (one.Id, one.Ref, one.PackRef)), files.Actions.Select(one => one.Ref));
        if (!prunes)
        {
            foreach (var (kind, reference) in
                Named("rule", oldRules).Concat(Named("trigger", oldTriggers)).Concat(Named("action", oldActions)))
            {
                outcome.Notes.Add(new("", FileMark.Start, $"The {kind} {reference} is in no file any more; --prune deletes it."));
            }

            return;
        }

        // As rules will name them: those of files by their files, and the others as they are.
        var inFiles = files.Rules.Select(rule => rule.Ref).ToHashSet(StringComparer.Ordinal);
        var others = allRules.Where(rule => !inFiles.Contains(rule.Ref) && !oldRules.Contains(rule.Ref)).ToList();
        foreach (var rule in files.Rules)
        {
            Keep("trigger_ref", rule.Value.TriggerRef, oldTriggers);
            Keep("action_ref", rule.Value.ActionRef, oldActions);

            void Keep(string field, string named, List<string> old)
            {
                if (old.Contains(named))
                {
                    outcome.Mistakes.Add(rule.Mistake(field, $"{field} names {named}, which is in no file any more and would be deleted."));
                }
            }
        }

        foreach (var rule in others)
        {
            foreach (var named in new[] { rule.TriggerRef }.Intersect(oldTriggers).Concat(new[] { rule.ActionRef }.Intersect(oldActions)))
            {
                outcome.Mistakes.Add(new("", FileMark.Start, $"{named} cannot be deleted: the rule {rule.Ref} still names it."));
            }
        }

        if (outcome.Mistakes.Count == 0)
        {
            await DeleteAsync("rule", oldRules, reference => rules.DeleteAsync(reference, cancellationToken), outcome);
            await DeleteAsync("trigger", oldTriggers, reference => triggers.DeleteAsync(reference, cancellationToken), outcome);
            await DeleteAsync("action", oldActions, reference => actions.DeleteAsync(reference, cancellationToken), outcome);
        }

        async Task<List<string>> GoneAsync(
            CatalogueKind kind, IEnumerable<(long Id, string Ref, string? Pack)> all, IEnumerable<string> said)
        {
            var applied = await catalogue.AppliedAsync(kind, cancellationToken);
            var kept = said.ToHashSet(StringComparer.Ordinal);
            return [.. all
                .Where(one => one.Pack is not null && packs.Contains(one.Pack) && applied.Contains(one.Id) && !kept.Contains(one.Ref))
                .Select(one => one.Ref)];
        }
    }

    private static IEnumerable<(string Kind, string Ref)> Named(string kind, List<string> references) =>
        references.Select(reference => (kind, reference));

    private static async Task DeleteAsync(string kind, List<string> references, Func<string, Task<bool>> delete, ApplyOutcome outcome)
    {
        foreach (var reference in references)
        {
            if (await delete(reference))
            {
                outcome.Things.Add(new("deleted", kind, reference, []));
            }
        }
    }
}
