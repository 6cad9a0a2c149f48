using Attune.Db;
using Attune.Db.Histograms;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Enforcements;

/// <summary>The list of enforcements.</summary>
public sealed partial class EnforcementsPage
{
    // What became of the rows that were read, by their ids.
    private readonly Dictionary<long, RuleOutcome> _outcomes = [];

    [Inject]
    public required IEnforcementRepository Repository { get; init; }

    [Inject]
    public required IEnforcementHistogram Histograms { get; init; }

    [Inject]
    public required IEventOutcomes Outcomes { get; init; }

    [Inject]
    public required RuleMarks RuleMarks { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override bool HasPlaces => true;

    private bool IsFinal(EnforcementSummary row) => Statuses.IsFinal(row.Status)
        && (_outcomes.GetValueOrDefault(row.Id) is not { } outcome || OutcomeWords.IsFinal(outcome));

    private void Go(EnforcementsFilter filter) => Navigation.NavigateTo(filter.Address);

    private async Task<Page<EnforcementSummary>> ReadAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var rows = await Repository.ListAsync(Filter.ToEnforcementFilter(Clock.GetUtcNow()), page, cancellationToken);
        foreach (var outcome in await Outcomes.OfEnforcementsAsync(rows.Items, cancellationToken))
        {
            _outcomes[outcome.Enforcement] = outcome;
        }

        return rows;
    }

    private Task<Histogram> CountAsync(ChartRequest chart, CancellationToken cancellationToken) => Histograms.CountAsync(
        ((EnforcementsFilter)chart.Filter).ToEnforcementFilter(chart.Now), chart.Edges, EnumNames.Find<EnforcementLabel>(chart.By) ?? default, cancellationToken);

    private Task<IReadOnlyList<ChartMark>> MarksAsync(ILiveFilter filter, TimeRange range, CancellationToken cancellationToken) =>
        RuleMarks.ReadAsync(((EnforcementsFilter)filter).Rule, ((EnforcementsFilter)filter).Trigger, range, cancellationToken);

    private string? LinkLabel(string by, string label) => by == "rule" ? (Filter with { Rule = label, By = null }).Address
        : EnumNames.Find<EnforcementStatus>(label) is { } status ? (Filter with { Status = [status] }).Address
        : null;
}
