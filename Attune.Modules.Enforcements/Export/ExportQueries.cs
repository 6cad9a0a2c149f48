using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Export;

/// <summary>What every export says in its address.</summary>
internal abstract record ExportQuery
{
    /// <summary><c>csv</c> or <c>ndjson</c>.</summary>
    public string? Format { get; init; }

    /// <summary>Which columns, with commas between them; all where it is left out.</summary>
    public string? Columns { get; init; }

    [AlsoNamed("rule")]
    public string? RuleRef { get; init; }

    [AlsoNamed("trigger")]
    public string? TriggerRef { get; init; }

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}

/// <summary>Which events to export.</summary>
internal sealed record EventExportQuery : ExportQuery, IQuery<EventExportQuery>
{
    /// <summary>Conditions in their text form.</summary>
    public string? Q { get; init; }

    [AlsoNamed("source")]
    public string? SourceRef { get; init; }

    /// <summary>The one rule that the events were meant for; <c>rule</c> is one that matched them.</summary>
    [AlsoNamed("target")]
    public string? TargetRef { get; init; }

    /// <summary>What became of them.</summary>
    public IReadOnlyList<EventResult> Result { get; init; } = [];

    public OutcomeFilter ToFilter() => new()
    {
        RuleRef = RuleRef,
        Result = Result.Count <= 1
            ? Result.Cast<EventResult?>().FirstOrDefault()
            : throw new RefusedException(RefusalKind.Malformed, "result", "result must be given once."),
        Events = new() { TriggerRef = TriggerRef, RuleRef = TargetRef, SourceRef = SourceRef, Since = Since, Until = Until },
    };

    public SearchRequest<EventFilter> Search(OutcomeFilter filter, Cursor? after) =>
        new() { Query = Q!, Filter = filter.Events, After = after, First = SearchRequest<EventFilter>.MostFirst };
}

/// <summary>Which executions to export.</summary>
internal sealed record ExecutionExportQuery : ExportQuery, IQuery<ExecutionExportQuery>
{
    /// <summary>Conditions in their text form.</summary>
    public string? Q { get; init; }

    public IReadOnlyList<ExecutionStatus> Status { get; init; } = [];

    [AlsoNamed("action")]
    public string? ActionRef { get; init; }

    public long? Enforcement { get; init; }
    public long? Parent { get; init; }
    public long? RerunOf { get; init; }

    public ExecutionFilter ToFilter() => new()
    {
        Statuses = Status, ActionRef = ActionRef, RuleRef = RuleRef, TriggerRef = TriggerRef, Enforcement = Enforcement, Parent = Parent,
        RerunOf = RerunOf, Since = Since, Until = Until,
    };

    public SearchRequest<ExecutionFilter> Search(ExecutionFilter filter, Cursor? after) =>
        new() { Query = Q!, Filter = filter, After = after, First = SearchRequest<ExecutionFilter>.MostFirst };
}

/// <summary>Which enforcements to export.</summary>
internal sealed record EnforcementExportQuery : ExportQuery, IQuery<EnforcementExportQuery>
{
    public IReadOnlyList<EnforcementStatus> Status { get; init; } = [];
    public long? Event { get; init; }
    public bool? Shadow { get; init; }

    public EnforcementFilter ToFilter() => new()
    {
        Statuses = Status, RuleRef = RuleRef, TriggerRef = TriggerRef, Event = Event, Shadow = Shadow, Since = Since, Until = Until,
    };
}
