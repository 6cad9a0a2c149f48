using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Enforcements.Rules.Templates;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>An enabled rule as the engine needs it: everything parsed, nothing left to look up.</summary>
internal sealed class CompiledRule
{
    private readonly ParameterTemplate _parameters;

    private CompiledRule(StoredRule stored, RuleConditions conditions, ParameterTemplate parameters)
    {
        Stored = stored;
        Conditions = conditions;
        _parameters = parameters;
    }

    public StoredRule Stored { get; }

    public RuleConditions Conditions { get; }

    /// <exception cref="RefusedException">
    /// The rule says something that cannot be compiled; none that was saved through the repository does.
    /// </exception>
    public static CompiledRule Compile(StoredRule stored) => new(
        stored,
        RuleConditions.Parse(stored.Conditions, stored.Condition),
        ParameterTemplate.Parse(stored.ActionParams, "action_params"))
    {
        Window = stored.Window is { } window ? RuleWindow.Parse(window, "window") : null,
    };

    /// <summary>The same for a rule that says the same: parsing it again would cost what an append has to wait for.</summary>
    /// <param name="stored">The rule as it has just been read, at the same version; its pack may have changed.</param>
    public CompiledRule For(StoredRule stored) => new(stored, Conditions, _parameters) { Window = Window };

    /// <summary>How often it may match, or has to; null when each match counts.</summary>
    public RuleWindow? Window { get; private init; }

    /// <summary>Whether an error is one of this rule and this event, which must not undo others.</summary>
    public static bool IsFault(Exception error) => error is InvalidOperationException or JsonException or BudgetExceededException;

    /// <summary>Whether it looks at anything of an event but its payload.</summary>
    public bool ReadsOutside => Conditions.ReadsOutside || _parameters.ReadsOutside;

    /// <summary>
    /// Asks the rule about an event that is not written yet, on whatever thread: all that is dear is done here. Null when it does not match.
    /// </summary>
    /// <exception cref="BudgetExceededException">It is too dear; see <see cref="IsFault"/> for what else may be wrong with the rule.</exception>
    public PreparedMatch? Prepare(EventFacts facts, EvaluationBudget budget)
    {
        if (!facts.Asks(Stored.Id, Stored.Ref))
        {
            return null;
        }

        var known = Conditions.NeedsInstant ? Conditions.NewKnown() : null;
        var verdict = Conditions.Evaluate(new(facts, created: null, budget) { Known = known });
        return verdict is Verdict.False or Verdict.Unknown
            ? null
            : new(this, facts, Render(facts, budget), verdict is null ? known : null) { WindowKey = Window?.Key(new(facts, null, budget)) ?? "" };
    }

    /// <summary>The action's parameters, but for what the event gets when it is written.</summary>
    public RenderedParameters Render(EventFacts facts, EvaluationBudget budget) => _parameters.Render(new()
    {
        Facts = facts,
        RuleId = Stored.Id,
        RuleRef = Stored.Ref,
        PackConfig = Stored.PackConfig,
        Budget = budget,
    });
}

/// <summary>A rule as it is read for the engine.</summary>
internal sealed record StoredRule
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public required int Version { get; init; }
    public required string TriggerRef { get; init; }
    public required ConditionJoin Condition { get; init; }
    public required JsonElement Conditions { get; init; }
    public required JsonElement ActionParams { get; init; }
    public JsonElement? PackConfig { get; init; }

    /// <summary>How often it may match, or has to, as it is stored.</summary>
    public JsonElement? Window { get; init; }

    /// <summary>Whether its matches are only recorded.</summary>
    public bool Shadow { get; init; }
}
