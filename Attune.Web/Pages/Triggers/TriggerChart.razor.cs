using Attune.Db;
using Attune.Db.Histograms;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Attune.Web.Pages.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>The events of a trigger by when they came, and when its rules were changed. The range stands in the page's address.</summary>
public sealed partial class TriggerChart
{
    /// <summary>The trigger's reference.</summary>
    [Parameter, EditorRequired]
    public required string Trigger { get; set; }

    [Inject]
    public required IEventHistogram Histograms { get; init; }

    [Inject]
    public required RuleMarks RuleMarks { get; init; }

    private string At(TimeFilter range) => (Filter with { Range = range }).ToQuery().At(Urls.Trigger(Trigger));

    private Task<Histogram> CountAsync(ChartRequest chart, CancellationToken cancellationToken) =>
        Histograms.CountAsync(((EventsFilter)chart.Filter).ToOutcomeFilter(chart.Now).Events, chart.Edges, EventLabel.Outcome, cancellationToken);

    private Task<IReadOnlyList<ChartMark>> MarksAsync(ILiveFilter filter, TimeRange range, CancellationToken cancellationToken) =>
        RuleMarks.ReadAsync(null, ((EventsFilter)filter).Trigger, range, cancellationToken);
}
