using Attune.Db;
using Attune.Db.Histograms;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>The list of executions.</summary>
public sealed partial class ExecutionsPage
{
    [Inject]
    public required IExecutionRepository Repository { get; init; }

    [Inject]
    public required IExecutionHistogram Histograms { get; init; }

    [Inject]
    public required RuleMarks RuleMarks { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override bool HasPlaces => true;

    [Inject]
    public required IExecutionSearch Search { get; init; }

    [Inject]
    public required ISampledPaths Paths { get; init; }

    private IAsyncEnumerable<SearchStep<ExecutionSummary>> SearchAsync(Cursor? after, CancellationToken cancellationToken) => Search.RunAsync(
        new() { Query = Filter.Search ?? "", Filter = Filter.ToExecutionFilter(Clock.GetUtcNow()), After = after }, cancellationToken);

    private void Go(ExecutionsFilter filter) => Navigation.NavigateTo(filter.Address);

    private Task<Page<ExecutionSummary>> ReadAsync(PageRequest page, CancellationToken cancellationToken) =>
        Repository.ListAsync(Filter.ToExecutionFilter(Clock.GetUtcNow()), page, cancellationToken);

    private Task<Histogram> CountAsync(ChartRequest chart, CancellationToken cancellationToken) => Histograms.CountAsync(
        ((ExecutionsFilter)chart.Filter).ToExecutionFilter(chart.Now), chart.Edges, EnumNames.Find<ExecutionLabel>(chart.By) ?? default, cancellationToken);

    private Task<IReadOnlyList<ChartMark>> MarksAsync(ILiveFilter filter, TimeRange range, CancellationToken cancellationToken) =>
        RuleMarks.ReadAsync(((ExecutionsFilter)filter).Rule, ((ExecutionsFilter)filter).Trigger, range, cancellationToken);

    private string? LinkLabel(string by, string label) => by == "action" ? (Filter with { Action = label, By = null }).Address
        : EnumNames.Find<ExecutionStatus>(label) is { } status ? (Filter with { Status = [status] }).Address
        : null;
}
