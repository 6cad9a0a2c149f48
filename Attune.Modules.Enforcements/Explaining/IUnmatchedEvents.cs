using System.Text.Json.Serialization;
using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>
/// Looks at the events of a trigger that led to nothing, and tells by which conditions the rules kept them out. Nothing is written.
/// </summary>
public interface IUnmatchedEvents
{
    /// <summary>Goes through the events of a range, newest first, and asks the rules as they are now.</summary>
    /// <param name="request">Which events.</param>
    /// <param name="cancellationToken">Ends it; so does leaving the enumeration.</param>
    /// <returns>What is known so far, several times a second; the last one is whole, or says where it stopped.</returns>
    /// <exception cref="RefusedException">The range is none; before anything is answered.</exception>
    IAsyncEnumerable<UnmatchedReport> RunAsync(UnmatchedRequest request, CancellationToken cancellationToken);
}

/// <summary>The events of which trigger, and when.</summary>
public sealed record UnmatchedRequest
{
    /// <summary>The events that are looked at, at most.</summary>
    public const int MostEvents = 20_000;

    /// <summary>The rules that are asked, at most.</summary>
    public const int MostRules = 50;

    /// <summary>The longest range, in days.</summary>
    public const int MostDays = 91;

    public required string TriggerRef { get; init; }

    /// <summary>Created at or after; left out, a day before <see cref="Until"/>.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before; left out, now.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What kept events from matching.</summary>
public sealed record UnmatchedReport
{
    public required string TriggerRef { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>How far back it has come.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Events that were looked at.</summary>
    public required long Events { get; init; }

    /// <summary>Those of them that no rule has left an enforcement for.</summary>
    public required long Unmatched { get; init; }

    /// <summary>True when no more is to come.</summary>
    public required bool IsLast { get; init; }

    /// <summary>True when all of the range was looked at; false as well where there were too many events or it took too long.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>The newest events without a match, for a trigger without rules above all.</summary>
    public required IReadOnlyList<BacktestMatch> Newest { get; init; }

    /// <summary>The rules that are asked, those nearest to a match first.</summary>
    public required IReadOnlyList<UnmatchedRule> Rules { get; init; }
}

/// <summary>One rule, and what it had against the events.</summary>
public sealed record UnmatchedRule
{
    public required string RuleRef { get; init; }
    public required int RuleVersion { get; init; }
    public required ConditionJoin Condition { get; init; }

    /// <summary>Events that it would match as it is now: it was changed, switched on or made since, or its window held them back.</summary>
    public required long WouldMatchNow { get; init; }

    /// <summary>Events that a single condition kept out.</summary>
    public required long ByOne { get; init; }

    /// <summary>The conditions that did not hold, the most frequent first.</summary>
    public required IReadOnlyList<UnmatchedCondition> Conditions { get; init; }

    /// <summary>Why it could not be asked at all; null where it could.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Fault { get; init; }
}

/// <summary>A condition that kept events out.</summary>
public sealed record UnmatchedCondition
{
    /// <summary>Its number in the rule, from 0.</summary>
    public required int Index { get; init; }

    /// <summary>The condition, or the group, as text.</summary>
    public required string Text { get; init; }

    /// <summary>Events that it did not hold for.</summary>
    public required long Events { get; init; }

    /// <summary>Those of them that nothing else kept out.</summary>
    public required long Alone { get; init; }

    /// <summary>Those of them for which it is unknown: nothing is at its path, or something of another type.</summary>
    public required long Unknown { get; init; }

    /// <summary>Some of the events, the newest first, with the condition tested.</summary>
    public required IReadOnlyList<BacktestNearMiss> Samples { get; init; }
}
