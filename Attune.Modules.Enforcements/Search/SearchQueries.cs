using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Search;

/// <summary>What every search says in its address.</summary>
internal abstract record SearchQuery
{
    /// <summary>Conditions in their text form.</summary>
    public string? Q { get; init; }

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    /// <summary>How many rows to find.</summary>
    [Clamped(int.MinValue, int.MaxValue)]
    public int? First { get; init; }

    /// <summary>Where an earlier search ended, as it said.</summary>
    public Cursor? Cursor { get; init; }

    protected SearchRequest<TFilter> Request<TFilter>(TFilter filter) => new()
    {
        Query = Q ?? throw new RefusedException(
            RefusalKind.Malformed, "q", "q must be conditions in their text form, such as total > 500 and status == \"paid\"."),
        Filter = filter,
        First = First ?? 50,
        After = Cursor,
    };
}

/// <summary>Which events to search.</summary>
internal sealed record EventSearchQuery : SearchQuery, IQuery<EventSearchQuery>
{
    [AlsoNamed("trigger")]
    public string? TriggerRef { get; init; }

    [AlsoNamed("rule")]
    public string? RuleRef { get; init; }

    [AlsoNamed("source")]
    public string? SourceRef { get; init; }

    public long? ReplayOf { get; init; }

    public SearchRequest<EventFilter> ToRequest() => Request(new EventFilter
    {
        TriggerRef = TriggerRef, RuleRef = RuleRef, SourceRef = SourceRef, ReplayOf = ReplayOf, Since = Since, Until = Until,
    });
}

/// <summary>Which executions to search.</summary>
internal sealed record ExecutionSearchQuery : SearchQuery, IQuery<ExecutionSearchQuery>
{
    public IReadOnlyList<ExecutionStatus> Status { get; init; } = [];

    [AlsoNamed("action")]
    public string? ActionRef { get; init; }

    [AlsoNamed("rule")]
    public string? RuleRef { get; init; }

    [AlsoNamed("trigger")]
    public string? TriggerRef { get; init; }

    public long? Enforcement { get; init; }
    public long? Parent { get; init; }
    public long? RerunOf { get; init; }

    public SearchRequest<ExecutionFilter> ToRequest() => Request(new ExecutionFilter
    {
        Statuses = Status, ActionRef = ActionRef, RuleRef = RuleRef, TriggerRef = TriggerRef, Enforcement = Enforcement, Parent = Parent,
        RerunOf = RerunOf, Since = Since, Until = Until,
    });
}

/// <summary>Of which events to sample the paths.</summary>
internal sealed record EventPathsQuery : IQuery<EventPathsQuery>
{
    [AlsoNamed("trigger")]
    public string? TriggerRef { get; init; }
}

/// <summary>Of which executions to sample the paths.</summary>
internal sealed record ExecutionPathsQuery : IQuery<ExecutionPathsQuery>
{
    [AlsoNamed("action")]
    public string? ActionRef { get; init; }
}
