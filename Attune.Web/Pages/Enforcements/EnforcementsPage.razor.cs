using Attune.Db;
using Attune.Db.Histograms;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Enforcements;

/// <summary>The list of enforcements.</summary>
public sealed partial class EnforcementsPage
{
    [Inject]
    public required IEnforcementRepository Repository { get; init; }

    [Inject]
    public required IEnforcementHistogram Histograms { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    private void Go(EnforcementsFilter filter) => Navigation.NavigateTo(filter.Address);

    private Task<Page<EnforcementSummary>> ReadAsync(PageRequest page, CancellationToken cancellationToken) =>
        Repository.ListAsync(Filter.ToEnforcementFilter(Clock.GetUtcNow()), page, cancellationToken);

    private Task<Histogram> CountAsync(ChartRequest chart, CancellationToken cancellationToken) => Histograms.CountAsync(
        ((EnforcementsFilter)chart.Filter).ToEnforcementFilter(chart.Now), chart.Edges, EnumNames.Find<EnforcementLabel>(chart.By) ?? default, cancellationToken);

    private string? LinkLabel(string by, string label) => by == "rule" ? (Filter with { Rule = label, By = null }).Address
        : EnumNames.Find<EnforcementStatus>(label) is { } status ? (Filter with { Status = [status] }).Address
        : null;
}
