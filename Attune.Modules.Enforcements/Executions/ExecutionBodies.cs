using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using Attune.Db.Histograms;
using Attune.Db.Http;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>What a client asks to be run.</summary>
internal sealed record ExecuteBody : IJsonBody<ExecuteBody>
{
    public string? ActionRef { get; init; }
    public JsonElement? Parameters { get; init; }
    public JsonElement? EnvVars { get; init; }
}

/// <summary>How an execution is to be run again.</summary>
internal sealed record RerunBody : IJsonBody<RerunBody>
{
    public static bool IsOptional => true;

    /// <summary>Others than it had; left out or null, the same.</summary>
    public JsonElement? Parameters { get; init; }

    public bool? Force { get; init; }
}

/// <summary>Which lines of an execution's log to read, as an address says it.</summary>
internal sealed record LogQuery : IQuery<LogQuery>
{
    /// <summary>The number of the last line that is known.</summary>
    [Range(0, int.MaxValue)]
    public int After { get; init; }
}

/// <summary>Which executions to list, as an address says it.</summary>
internal abstract record ExecutionFilterQuery : ListQuery
{
    public string? ActionRef { get; init; }
    public string? PackName { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public long? Executor { get; init; }
    public long? Worker { get; init; }
    public long? Enforcement { get; init; }
    public long? Parent { get; init; }
    public long? OriginalExecution { get; init; }
    public long? RerunOf { get; init; }
    public bool TopLevelOnly { get; init; }
    public string? ResultContains { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    public ExecutionFilter ToFilter(IReadOnlyList<ExecutionStatus> statuses) => new()
    {
        Statuses = statuses,
        ActionRef = ActionRef,
        PackName = PackName,
        RuleRef = RuleRef,
        TriggerRef = TriggerRef,
        Executor = Executor,
        Worker = Worker,
        Enforcement = Enforcement,
        Parent = Parent,
        OriginalExecution = OriginalExecution,
        RerunOf = RerunOf,
        TopLevelOnly = TopLevelOnly,
        ResultContains = ResultContains,
        Since = Since,
        Until = Until,
    };
}

internal sealed record ExecutionListQuery : ExecutionFilterQuery, IQuery<ExecutionListQuery>
{
    public IReadOnlyList<ExecutionStatus> Status { get; init; } = [];
}

/// <summary>Which executions to count, and how, as an address says it.</summary>
[WithoutPages]
internal sealed record ExecutionHistogramQuery : ExecutionFilterQuery, IQuery<ExecutionHistogramQuery>
{
    public IReadOnlyList<ExecutionStatus> Status { get; init; } = [];
    public ExecutionLabel By { get; init; }

    /// <summary>The most buckets.</summary>
    [Clamped(4, HistogramEdges.Most)]
    public int Buckets { get; init; } = 48;

    /// <summary>Where hours and days are those of the clock on the wall, by its IANA name.</summary>
    public string? Zone { get; init; }
}

/// <summary>Which failures to group, as an address says it; by default those of the last 24 hours.</summary>
internal sealed record FailureQuery : IQuery<FailureQuery>
{
    public string? ActionRef { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    public FailureFilter ToFilter(DateTimeOffset now)
    {
        var until = Until ?? now;
        var usual = TimeSpan.FromDays(1);
        return new()
        {
            ActionRef = ActionRef,
            RuleRef = RuleRef,
            TriggerRef = TriggerRef,
            Since = Since ?? (until - DateTimeOffset.MinValue > usual ? until - usual : DateTimeOffset.MinValue),
            Until = until,
        };
    }
}

/// <summary>The status stands in the path.</summary>
internal sealed record ExecutionOfStatusQuery : ExecutionFilterQuery, IQuery<ExecutionOfStatusQuery>;
