using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Enforcements.Rules.Templates;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>A rule matches an event that has no id and no instant yet: everything is decided and filled in that does not need them.</summary>
/// <param name="rule">The rule.</param>
/// <param name="facts">The event.</param>
/// <param name="parameters">The action's parameters, but for what the event gets when it is written.</param>
/// <param name="known">What the conditions came to that do not ask for the instant; null when none does.</param>
internal sealed class PreparedMatch(CompiledRule rule, EventFacts facts, RenderedParameters parameters, Verdict?[]? known)
{
    public CompiledRule Rule { get; } = rule;

    /// <summary>How many bytes the parameters have, what is still to come aside.</summary>
    public int Bytes => parameters.Length;

    /// <summary>The values that the rule's window counts apart, as one text; empty when it counts all together.</summary>
    public string WindowKey { get; init; } = "";

    /// <summary>
    /// The action's parameters, as JSON, now that the event has an id and an instant. It does no more than put those in; null when a
    /// condition asked for the instant and does not hold.
    /// </summary>
    public byte[]? Finish(long id, DateTimeOffset created, EvaluationBudget budget) =>
        known is null || Rule.Conditions.Evaluate(new EvaluationContext(facts, created, budget) { Known = known }) == Verdict.True
            ? parameters.Finish(new(id, created))
            : null;
}
