using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements;

/// <summary>A rule that matched an event, and what became of it.</summary>
public sealed record RuleOutcome
{
    public required long Enforcement { get; init; }

    /// <summary>The event's id.</summary>
    public long? Event { get; init; }

    public required string RuleRef { get; init; }
    public required EnforcementStatus Status { get; init; }

    /// <summary>Whether the rule was a shadow.</summary>
    public bool Shadow { get; init; }

    /// <summary>
    /// The newest execution: the last attempt of the last time that it was run. One that was asked for more than a week after the enforcement
    /// was resolved, or two weeks after the event, does not count. Null for none.
    /// </summary>
    public long? Execution { get; init; }

    public ExecutionStatus? ExecutionStatus { get; init; }

    /// <summary>The first line of what went wrong, up to 200 characters; null where nothing did.</summary>
    public string? Error { get; init; }
}

/// <summary>An event with the rules that matched it.</summary>
public sealed record MatchedEvent : IKeysetRow
{
    /// <summary>The most rules that are named.</summary>
    public const int MostRules = 50;

    public required EventSummary Event { get; init; }

    /// <summary>In the order in which they were written, at most <see cref="MostRules"/>; empty where no rule matched.</summary>
    public required IReadOnlyList<RuleOutcome> Rules { get; init; }

    /// <summary>Whether more rules matched than are named.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool HasMoreRules { get; init; }

    long IKeysetRow.Id => Event.Id;

    DateTimeOffset IKeysetRow.Created => Event.Created;
}

/// <summary>Which events are wanted, by what became of them: what <see cref="EventOutcome"/> tells apart, in a list as in a chart.</summary>
public enum EventResult
{
    /// <summary>A rule matched, whatever came of it: all but <see cref="EventOutcome.FiredNothing"/>.</summary>
    Matched,

    /// <summary><see cref="EventOutcome.FiredNothing"/>.</summary>
    Unmatched,

    /// <summary><see cref="EventOutcome.Pending"/>.</summary>
    Pending,

    /// <summary><see cref="EventOutcome.Failed"/>.</summary>
    Failed,
}

/// <summary>Which events to list by what became of them. A property left null does not filter; those that are set all hold.</summary>
public sealed record OutcomeFilter
{
    public EventFilter Events { get; init; } = new();

    /// <summary>
    /// Events that this rule matched; with <see cref="EventResult.Unmatched"/> those that it did not match, and with the other results
    /// those of which that holds for this rule. A shadow matches only where it is named here.
    /// </summary>
    public string? RuleRef { get; init; }

    public EventResult? Result { get; init; }
}
