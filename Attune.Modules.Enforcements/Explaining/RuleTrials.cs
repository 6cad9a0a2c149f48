using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Enforcements.Rules.Templates;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class RuleTrials(
    IEventRepository events, IPackRepository packs, IParameterSecrets secrets, NpgsqlDataSource database, TimeProvider clock) : IRuleTrials
{
    public async Task<RuleTrial> TryAsync(RuleTrialRequest request, CancellationToken cancellationToken)
    {
        var mistakes = new List<RuleMistake>();
        var conditions = Try(mistakes, () => RuleConditions.Parse(
            request.Conditions is { ValueKind: not JsonValueKind.Undefined } given ? given : RuleChecks.NoConditions, request.Condition));
        var window = JsonValues.Given(request.Window) is { } said
            ? Try(mistakes, () => RuleWindow.Parse(said, "window")) : null;
        var parameters = JsonValues.Given(request.ActionParams) ?? RuleChecks.NoParameters;
        var templates = Templates(mistakes, parameters);
        var known = await ReadReferencesAsync(request, cancellationToken);
        await CheckNamesAsync(mistakes, request, known, cancellationToken);
        var ticks = Ticks(mistakes, request);
        var trial = new RuleTrial
        {
            Mistakes = mistakes,
            Condition = conditions?.JoinedBy ?? request.Condition,
            Conditions = conditions?.Stored,
            Expression = conditions?.ToText(),
            Window = window?.ToString(),
            NextTicks = ticks,
        };
        if (request.Event is not { } id)
        {
            return trial;
        }

        if (await events.FindAsync(id, cancellationToken) is not { } found)
        {
            mistakes.Add(new("event", $"Event with ID {id} not found"));
            return trial;
        }

        // One budget for all parameters, as an event's rule has it.
        var (facts, budget) = (Facts(found), new EvaluationBudget(EvaluationBudget.MostSteps, cancellationToken));
        var secret = await secrets.OfAsync(request.ActionRef, cancellationToken);
        var (verdict, tested, fault) = conditions is null ? (null, [], null) : Evaluate(conditions, facts, found, cancellationToken);
        return trial with
        {
            Event = id,
            Verdict = verdict,
            Tested = tested,
            Fault = fault,
            Parameters = [.. templates.Select(one => Fill(one.Name, one.Template, facts, found, known, request.Ref, secret, budget))],
        };
    }

    private static (Verdict?, IReadOnlyList<ExplainedCondition>, string?) Evaluate(
        RuleConditions conditions, EventFacts facts, Event found, CancellationToken cancellationToken)
    {
        var context = new EvaluationContext(facts, found.Created, new(EvaluationBudget.MostSteps, cancellationToken));
        var tested = conditions.Explain(context);
        try
        {
            return (conditions.Evaluate(context) ?? Verdict.Unknown, tested, null);
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            return (Verdict.Unknown, tested, error.Message);
        }
    }

    private static TriedParameter Fill(
        string name, ParameterTemplate template, EventFacts facts, Event found, DraftReferences known, string? reference,
        ParameterSecrets secret, EvaluationBudget budget)
    {
        try
        {
            var rendered = template.Render(new()
            {
                Facts = facts,
                RuleId = known.Rule ?? 0,
                RuleRef = reference ?? "",
                PackConfig = known.PackConfig,
                Budget = budget,
            });
            var whole = JsonElement.Parse(rendered.Finish(new(found.Id, found.Created)), Json.DocumentOptions);
            return new(name, secret.Hide(whole)!.Value.GetProperty(name), null);
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            return new(name, null, error.Message);
        }
    }

    // One by one: what is wrong with one of them does not hide the others.
    private static List<(string Name, ParameterTemplate Template)> Templates(
        List<RuleMistake> mistakes, JsonElement parameters)
    {
        const string place = "action_params";
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            mistakes.Add(new(place, $"{place} must be an object."));
            return [];
        }

        var templates = new List<(string, ParameterTemplate)>();
        foreach (var member in parameters.EnumerateObject())
        {
            var alone = JsonElement.Parse(RenderedJson.Bytes(writer =>
            {
                writer.WriteStartObject();
                member.WriteTo(writer);
                writer.WriteEndObject();
            }), Json.DocumentOptions);
            if (Try(mistakes, () => ParameterTemplate.Parse(alone, place)) is { } template)
            {
                templates.Add((member.Name, template));
            }
        }

        return templates;
    }

    private IReadOnlyList<DateTimeOffset> Ticks(List<RuleMistake> mistakes, RuleTrialRequest request) => request.TriggerRef is { } trigger
        ? Try(
            mistakes,
            () => EventsModule.TicksToCome(
                trigger, JsonValues.Given(request.TriggerParams) ?? RuleChecks.NoParameters, clock.GetUtcNow(), EventsModule.TicksShown)) ?? []
        : [];

    private async Task CheckNamesAsync(
        List<RuleMistake> mistakes, RuleTrialRequest request, DraftReferences known, CancellationToken cancellationToken)
    {
        if (request.TriggerRef is { Length: > 0 } trigger && !known.HasTrigger)
        {
            mistakes.Add(new("trigger_ref", $"Trigger '{Reference.Shown(trigger)}' not found"));
        }

        if (request.ActionRef is not { Length: > 0 } action)
        {
            return;
        }

        if (!known.HasAction)
        {
            mistakes.Add(new("action_ref", $"Action '{Reference.Shown(action)}' not found"));
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await RuleWriter.CheckParametersAsync(
                connection,
                new() { Ref = "", Label = "", TriggerRef = "", ActionRef = action, ActionParams = JsonValues.Given(request.ActionParams) },
                cancellationToken);
        }
        catch (RefusedException refused) when (!mistakes.Exists(one => one.Field == refused.Field))
        {
            mistakes.Add(new(refused.Field ?? "action_params", refused.Message));
        }
        catch (RefusedException)
        {
            // The same place is wrong in another way, which has been told.
        }
    }

    private async Task<DraftReferences> ReadReferencesAsync(RuleTrialRequest request, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT (SELECT id FROM rule WHERE ref = @Ref) AS rule,
                   coalesce((SELECT pack_ref FROM rule WHERE ref = @Ref), split_part(@Ref, '.', 1)) AS pack_ref,
                   EXISTS (SELECT FROM trigger WHERE ref = @TriggerRef) AS has_trigger,
                   EXISTS (SELECT FROM action WHERE ref = @ActionRef) AS has_action
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var found = await connection.QuerySingleAsync<DraftReferences>(new CommandDefinition(
            sql, new { Ref = Storable(request.Ref), TriggerRef = Storable(request.TriggerRef), ActionRef = Storable(request.ActionRef) },
            cancellationToken: cancellationToken));
        return found.PackRef is { Length: > 0 } pack
            ? found with { PackConfig = (await packs.FindAsync(pack, cancellationToken))?.Pack.Config }
            : found;
    }

    private static string? Storable(string? text) => text is not null && StorableText.IsStorable(text) ? text : null;

    private static T? Try<T>(List<RuleMistake> mistakes, Func<T> read) where T : class
    {
        try
        {
            return read();
        }
        catch (RefusedException refused)
        {
            mistakes.Add(Mistake(refused));
            return null;
        }
    }

    private static RuleMistake Mistake(RefusedException refused) =>
        new(refused.Field ?? "", refused.Message) { Line = refused.At?.Line, Column = refused.At?.Column };

    private static EventFacts Facts(Event found) => new()
    {
        TriggerRef = found.TriggerRef,
        Payload = found.Payload,
        Config = found.Config,
        SourceRef = found.SourceRef,
    };

    /// <summary>What the names of a draft lead to.</summary>
    private sealed record DraftReferences
    {
        public long? Rule { get; init; }
        public string? PackRef { get; init; }

        /// <summary>As people see it, without its secrets.</summary>
        public JsonElement? PackConfig { get; init; }
        public required bool HasTrigger { get; init; }
        public required bool HasAction { get; init; }
    }
}
