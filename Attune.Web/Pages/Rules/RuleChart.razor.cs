using Attune.Db;
using Attune.Db.Histograms;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Pages.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>What a rule matched, by when the events came, what became of it, and when the rule was changed. The range stands in the address.</summary>
public sealed partial class RuleChart
{
    /// <summary>The rule's reference.</summary>
    [Parameter, EditorRequired]
    public required string Rule { get; set; }

    [Inject]
    public required IEnforcementHistogram Histograms { get; init; }

    [Inject]
    public required RuleMarks RuleMarks { get; init; }

    private string At(TimeFilter range) => (Filter with { Range = range }).ToQuery().At(Urls.Rule(Rule));

    private Task<Histogram> CountAsync(ChartRequest chart, CancellationToken cancellationToken) => Histograms.CountAsync(
        ((EnforcementsFilter)chart.Filter).ToEnforcementFilter(chart.Now), chart.Edges, EnforcementLabel.Outcome, cancellationToken);

    private Task<IReadOnlyList<ChartMark>> MarksAsync(ILiveFilter filter, TimeRange range, CancellationToken cancellationToken) =>
        RuleMarks.ReadAsync(((EnforcementsFilter)filter).Rule, null, range, cancellationToken);
}
