using Attune.Db;
using Attune.Db.Histograms;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;

namespace Attune.Web.Pages.Home;

/// <summary>What the overview says of a range.</summary>
public sealed record HomeFigures
{
    /// <summary>By trigger.</summary>
    public required Histogram Events { get; init; }

    /// <summary>By rule.</summary>
    public required Histogram Enforcements { get; init; }

    /// <summary>By status.</summary>
    public required Histogram Executions { get; init; }

    /// <summary>Enforcements that are not resolved, of all times.</summary>
    public required Total Pending { get; init; }

    public DurationPair? ToResolve { get; init; }

    public DurationPair? ToComplete { get; init; }

    public required IReadOnlyList<FailureReason> Failures { get; init; }

    public long Of(params ReadOnlySpan<string> statuses)
    {
        var sum = 0L;
        foreach (var series in Executions.Series)
        {
            sum += series.Label is { } label && statuses.Contains(label) ? series.Total : 0;
        }

        return sum;
    }

    /// <summary>The labels with the most rows, most first.</summary>
    public static IReadOnlyList<RefVolume> Top(Histogram histogram, int most) =>
    [
        .. histogram.Series.Where(series => series.Label is not null).Take(most)
            .Select(series => new RefVolume { Ref = series.Label!, Value = series.Total }),
    ];
}

/// <summary>Reads them from the modules.</summary>
public sealed class HomeReader(
    IEventHistogram events, IEnforcementHistogram enforcements, IExecutionHistogram executions, IEnforcementRepository pending,
    IDurations durations, TimeProvider clock)
{
    private const int Failures = 5;

    public async Task<HomeFigures> ReadAsync(DateTimeOffset? since, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var from = since ?? now.AddDays(-1);
        IReadOnlyList<DateTimeOffset> whole = HistogramEdges.Cut(from, until ?? now.AddMinutes(1), endsWithin: true, 4, TimeZoneInfo.Utc);
        var open = await pending.ListAsync(
            new EnforcementFilter { Statuses = [EnforcementStatus.Created] }, new PageRequest { Size = 1, IncludeTotal = true }, cancellationToken);
        return new()
        {
            Events = await events.CountAsync(new() { Since = since, Until = until }, whole, EventLabel.Trigger, cancellationToken),
            Enforcements = await enforcements.CountAsync(new() { Since = since, Until = until }, whole, EnforcementLabel.Rule, cancellationToken),
            Executions = await executions.CountAsync(new() { Since = since, Until = until }, whole, ExecutionLabel.Status, cancellationToken),
            Pending = open.Total ?? new Total(open.Items.Count, IsMinimum: open.Next is not null),
            ToResolve = await durations.ToResolveAsync(from, whole[^1], cancellationToken),
            ToComplete = await durations.ToCompleteAsync(from, whole[^1], cancellationToken),
            Failures = await durations.FailuresAsync(from, whole[^1], Failures, cancellationToken),
        };
    }
}
