using Attune.Db.Histograms;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Pages.Events;
using Attune.Web.Pages.Executions;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>Events, enforcements or executions of the range by when they came; a bar leads to its list, several become the range.</summary>
public sealed partial class HomeChart
{
    [Parameter, EditorRequired]
    public required HomeFilter Filter { get; set; }

    [Inject]
    public required IEventHistogram Events { get; init; }

    [Inject]
    public required IEnforcementHistogram Enforcements { get; init; }

    [Inject]
    public required IExecutionHistogram Executions { get; init; }

    private static string Title(string chart) => $"{char.ToUpperInvariant(chart[0])}{chart[1..]}";

    private string Zoomed(TimeFilter range) => (Filter with { Range = range }).Address;

    private string? OfStatus(string by, string label) => EnumNames.Find<ExecutionStatus>(label) is { } status
        ? new ExecutionsFilter { Range = Filter.Range, Status = [status] }.Address
        : null;

    private Task<Histogram> CountEventsAsync(ChartRequest chart, CancellationToken cancellationToken) =>
        Events.CountAsync(((EventsFilter)chart.Filter).ToOutcomeFilter(chart.Now).Events, chart.Edges, EventLabel.Outcome, cancellationToken);

    private Task<Histogram> CountEnforcementsAsync(ChartRequest chart, CancellationToken cancellationToken) => Enforcements.CountAsync(
        ((EnforcementsFilter)chart.Filter).ToEnforcementFilter(chart.Now), chart.Edges, EnforcementLabel.Outcome, cancellationToken);

    private Task<Histogram> CountExecutionsAsync(ChartRequest chart, CancellationToken cancellationToken) => Executions.CountAsync(
        ((ExecutionsFilter)chart.Filter).ToExecutionFilter(chart.Now), chart.Edges, ExecutionLabel.Status, cancellationToken);
}
