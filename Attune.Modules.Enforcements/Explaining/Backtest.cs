using System.Text.Json.Serialization;

namespace Attune.Modules.Enforcements;

/// <summary>What to try, and on which events.</summary>
public sealed record BacktestRequest
{
    /// <summary>The longest range, in days: events are kept for 90, and their chunk is dropped when the day is over.</summary>
    public const int MostDays = 91;

    /// <summary>The range when none is given, in days.</summary>
    public const int UsualDays = 7;

    public const int MostFirst = 100;

    public required RuleSubject Subject { get; init; }

    /// <summary>Events created at or after; left out, <see cref="UsualDays"/> before <see cref="Until"/>.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Events created before; left out, now.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many events to name of each sort, the oldest ones; 0 to <see cref="MostFirst"/>.</summary>
    public int First { get; init; } = 20;

    /// <summary>How many of each sort to pass over before those that are named: so a list of all of them goes by pages.</summary>
    public int Skip { get; init; }
}

/// <summary>How far a backtest has come.</summary>
public sealed record BacktestProgress
{
    /// <summary>Events before this instant have been read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The part of the range that has been read, from 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Events of the rule's trigger so far.</summary>
    public required long Events { get; init; }

    public required long Matches { get; init; }

    /// <summary>The outcome; only the last one has it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public BacktestReport? Report { get; init; }
}

/// <summary>What a backtest came to.</summary>
public sealed record BacktestReport
{
    /// <summary>The rule's reference; null for a draft that is no rule's.</summary>
    public string? RuleRef { get; init; }

    /// <summary>The version that was tried; null for a draft.</summary>
    public int? RuleVersion { get; init; }

    public required bool IsDraft { get; init; }
    public required string TriggerRef { get; init; }
    public required DateTimeOffset Since { get; init; }
    public required DateTimeOffset Until { get; init; }

    /// <summary>Events of the trigger in the range.</summary>
    public required long Events { get; init; }

    public required long Matches { get; init; }

    /// <summary>Events of which all but one condition hold; only conditions that are joined by "all" have any.</summary>
    public required long NearMisses { get; init; }

    /// <summary>Events whose conditions hold, but whose action parameters could not be filled in: they leave no enforcement.</summary>
    public required long Failures { get; init; }

    /// <summary>Events that match and that the rule's window holds back.</summary>
    public long HeldBack { get; init; }

    /// <summary>Enforcements that the rule has left in the range; null for a draft that is no rule's.</summary>
    public long? Recorded { get; init; }

    /// <summary>Every day of the range, in UTC.</summary>
    public required IReadOnlyList<BacktestDay> Days { get; init; }

    public required IReadOnlyList<BacktestMatch> FirstMatches { get; init; }
    public required IReadOnlyList<BacktestNearMiss> FirstNearMisses { get; init; }

    /// <summary>What would be otherwise than with the rule as it is now; null where there is no such rule.</summary>
    public BacktestDifference? Difference { get; init; }
}

/// <summary>One day of a backtest, in UTC.</summary>
public sealed record BacktestDay
{
    public required DateOnly Day { get; init; }
    public required long Events { get; init; }
    public required long Matches { get; init; }
    public required long NearMisses { get; init; }

    /// <summary>What the rule as it is now matches; null where there is no such rule.</summary>
    public long? Current { get; init; }

    /// <summary>Enforcements that the rule has left; null for a draft that is no rule's.</summary>
    public long? Recorded { get; init; }
}

/// <summary>An event that a backtest names.</summary>
public sealed record BacktestMatch(long Event, DateTimeOffset Created);

/// <summary>An event that one condition kept from matching.</summary>
/// <param name="Event">The event.</param>
/// <param name="Created">When it came.</param>
/// <param name="Index">The number of the condition, from 0.</param>
/// <param name="Condition">The condition, tested; its <c>Actual</c> is left out when it is longer than 4 kB.</param>
public sealed record BacktestNearMiss(long Event, DateTimeOffset Created, int Index, ExplainedCondition Condition);

/// <summary>What would be otherwise than with the rule as it is now.</summary>
public sealed record BacktestDifference
{
    /// <summary>The version the rule is at now.</summary>
    public required int CurrentVersion { get; init; }

    /// <summary>Events that both match.</summary>
    public required long Same { get; init; }

    /// <summary>Events that only what was tried matches.</summary>
    public required long Added { get; init; }

    /// <summary>Events that only the rule as it is now matches.</summary>
    public required long Removed { get; init; }

    public required IReadOnlyList<BacktestMatch> FirstAdded { get; init; }
    public required IReadOnlyList<BacktestMatch> FirstRemoved { get; init; }
}
