using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>A rule matches an event that has no id and no instant yet: everything is decided and filled in that does not need them.</summary>
internal sealed class PreparedMatch(CompiledRule rule, EventFacts facts)
{
    public CompiledRule Rule { get; } = rule;

    /// <summary>The values that the rule's window counts apart, as one text; empty when it counts all together.</summary>
    public string WindowKey { get; init; } = "";

    /// <summary>
    /// The action's parameters, as JSON, now that the event has an id and an instant. It does no more than put those in; null when a
    /// condition asked for the instant and does not hold.
    /// </summary>
    public byte[]? Finish(long id, DateTimeOffset created, EvaluationBudget budget) => Rule.Parameters(facts, id, created);
}
