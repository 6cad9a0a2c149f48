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

    /// <summary>The newest execution of those that were asked for within a week; null for none.</summary>
    public long? Execution { get; init; }

    public ExecutionStatus? ExecutionStatus { get; init; }

    /// <summary>The first line of what went wrong, up to 200 characters; null where nothing did.</summary>
    public string? Error { get; init; }
}

/// <summary>An event with the rules that matched it.</summary>
public sealed record MatchedEvent : IKeysetRow
{
    public required EventSummary Event { get; init; }

    /// <summary>In the order in which they were written; empty where no rule matched.</summary>
    public required IReadOnlyList<RuleOutcome> Rules { get; init; }

    long IKeysetRow.Id => Event.Id;

    DateTimeOffset IKeysetRow.Created => Event.Created;
}

/// <summary>What became of an event.</summary>
public enum EventResult
{
    /// <summary>A rule matched.</summary>
    Matched,

    /// <summary>No rule matched.</summary>
    Unmatched,

    /// <summary>A rule matched whose enforcement is not resolved yet.</summary>
    Pending,

    /// <summary>A rule matched, and an execution of it failed, ran out of time or was abandoned within a week.</summary>
    Failed,
}

/// <summary>Which events to list by what became of them. A property left null does not filter; those that are set all hold.</summary>
public sealed record OutcomeFilter
{
    public EventFilter Events { get; init; } = new();

    /// <summary>
    /// Events that this rule matched; with <see cref="EventResult.Unmatched"/> those that it did not match, and with the other results
    /// those of which that holds for this rule.
    /// </summary>
    public string? RuleRef { get; init; }

    public EventResult? Result { get; init; }

    /// <summary>Whether the rule and the result hold for an event that was found otherwise.</summary>
    public bool Holds(MatchedEvent found)
    {
        var rules = found.Rules.Where(one => RuleRef is null || one.RuleRef == RuleRef).ToList();
        return Result switch
        {
            null => RuleRef is null || rules.Count > 0,
            EventResult.Matched => rules.Count > 0,
            EventResult.Unmatched => rules.Count == 0,
            EventResult.Pending => rules.Exists(one => one.Status == EnforcementStatus.Created),
            _ => rules.Exists(one => one.ExecutionStatus is ExecutionStatus.Failed or ExecutionStatus.Timeout or ExecutionStatus.Abandoned),
        };
    }
}
