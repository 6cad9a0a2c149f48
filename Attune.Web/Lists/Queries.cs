using System.Globalization;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>What the events page lists, as its address says.</summary>
public sealed record EventsQuery
{
    public string? Trigger { get; init; }
    public string? Rule { get; init; }
    public string? Source { get; init; }
    public TimeFilter Range { get; init; } = TimeFilter.Any;

    public int Filters => Query.Count(Trigger is not null, Rule is not null, Source is not null, !Range.IsAny);

    public EventFilter Filter(DateTimeOffset now)
    {
        var (since, until) = Range.Bounds(now);
        return new() { TriggerRef = Trigger, RuleRef = Rule, SourceRef = Source, Since = since, Until = until };
    }
}

/// <summary>What the enforcements page lists, as its address says.</summary>
public sealed record EnforcementsQuery
{
    public string? Rule { get; init; }
    public string? Trigger { get; init; }
    public long? Event { get; init; }
    public EquatableList<EnforcementStatus> Statuses { get; init; } = [];
    public TimeFilter Range { get; init; } = TimeFilter.Any;

    public int Filters =>
        Query.Count(Rule is not null, Trigger is not null, Event is not null, Statuses.Count > 0, !Range.IsAny);

    public bool PendingOnly => Statuses is [EnforcementStatus.Created];

    public EnforcementFilter Filter(DateTimeOffset now)
    {
        var (since, until) = Range.Bounds(now);
        return new() { RuleRef = Rule, TriggerRef = Trigger, Event = Event, Statuses = Statuses, Since = since, Until = until };
    }
}

/// <summary>What the executions page lists, as its address says.</summary>
public sealed record ExecutionsQuery
{
    public string? Action { get; init; }
    public string? Rule { get; init; }
    public string? Trigger { get; init; }
    public long? Enforcement { get; init; }
    public long? Parent { get; init; }
    public EquatableList<ExecutionStatus> Statuses { get; init; } = [];
    public TimeFilter Range { get; init; } = TimeFilter.Any;

    public int Filters => Query.Count(
        Action is not null, Rule is not null, Trigger is not null, Enforcement is not null, Parent is not null,
        Statuses.Count > 0, !Range.IsAny);

    public ExecutionFilter Filter(DateTimeOffset now)
    {
        var (since, until) = Range.Bounds(now);
        return new()
        {
            ActionRef = Action, RuleRef = Rule, TriggerRef = Trigger, Enforcement = Enforcement, Parent = Parent,
            Statuses = Statuses, Since = since, Until = until,
        };
    }
}

/// <summary>What the backtest page tries, and on which events, as its address says.</summary>
public sealed record BacktestQuery
{
    public const string Draft = "draft";

    /// <summary>The longest draft that an address carries; a request's first line has its limits.</summary>
    public const int MostCharacters = 2_000;

    public static TimeFilter UsualRange { get; } = TimeFilter.Of(TimeSpan.FromDays(7));

    public static IReadOnlyList<TimeFilter> Ranges { get; } =
        [TimeFilter.Of(TimeSpan.FromHours(24)), UsualRange, TimeFilter.Of(TimeSpan.FromDays(30)), TimeFilter.Of(TimeSpan.FromDays(90))];

    /// <summary>An earlier version; null for the rule as it is, and for a draft.</summary>
    public int? Version { get; init; }

    public bool IsDraft { get; init; }

    /// <summary>The text of the draft's conditions; null where the address has none.</summary>
    public string? Conditions { get; init; }

    /// <summary>How the draft joins them; null for the way of the rule.</summary>
    public ConditionJoin? Join { get; init; }

    public TimeFilter Range { get; init; } = UsualRange;

    public static BacktestQuery Parse(string? subject, string? range, string? join, string? conditions)
    {
        var isDraft = subject == Draft;
        return new()
        {
            Version = Query.Id(subject) is > 0 and <= int.MaxValue and var version ? (int)version : null,
            IsDraft = isDraft,
            Conditions = isDraft ? Query.Text(conditions) : null,
            Join = isDraft && Statuses.Parse<ConditionJoin>(join) is [var one] ? one : null,
            Range = Ranges.FirstOrDefault(known => known.LastText == range) ?? UsualRange,
        };
    }
}

/// <summary>Reads the single values of an address.</summary>
public static class Query
{
    /// <summary>The text without the space around it; null when nothing is left.</summary>
    public static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();

    /// <summary>The id, which may be written with its number sign; null when it is none.</summary>
    public static long? Id(string? value) =>
        long.TryParse(value?.Trim().TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>An id as text.</summary>
    [return: System.Diagnostics.CodeAnalysis.NotNullIfNotNull(nameof(id))]
    public static string? Write(long? id) => id?.ToString(CultureInfo.InvariantCulture);

    internal static int Count(params ReadOnlySpan<bool> set)
    {
        var count = 0;
        foreach (var one in set)
        {
            count += one ? 1 : 0;
        }

        return count;
    }
}
