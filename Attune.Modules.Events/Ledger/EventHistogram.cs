using Attune.Db;
using Attune.Db.Histograms;
using Dapper;

namespace Attune.Modules.Events.Ledger;

internal sealed class EventHistogram(IEventScanner events, HistogramCounter counter) : IEventHistogram
{
    private static readonly HourlyView Hourly = new("event_volume_hourly", "trigger_ref", "event_count");

    public Task<Histogram> CountAsync(
        EventFilter filter, IReadOnlyList<DateTimeOffset> edges, EventLabel by, CancellationToken cancellationToken) =>
        EventRepository.CanMatch(filter)
            ? counter.CountAsync(Query(filter, edges, by), cancellationToken)
            : Task.FromResult(Histogram.Empty(edges));

    public Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken) => events.OldestAsync(cancellationToken);

    internal static HistogramQuery Query(EventFilter filter, IReadOnlyList<DateTimeOffset> edges, EventLabel by) => new()
    {
        Edges = edges,
        Since = filter.Since,
        Until = filter.Until,
        Rows = (range, labelled) => Rows(filter, edges, range, labelled ? by : null),

        // The hourly view knows the trigger, and nothing else.
        Hours = filter with { TriggerRef = null, Since = null, Until = null } == new EventFilter()
            ? (hours, leftOut) => Hourly.Hours(edges, hours, leftOut, filter.TriggerRef, by == EventLabel.Trigger)
            : null,
        HoursAreLabelled = by == EventLabel.Trigger,
    };

    private static (string Sql, object Parameters) Rows(
        EventFilter filter, IReadOnlyList<DateTimeOffset> edges, TimeRange range, EventLabel? by)
    {
        var label = by switch
        {
            EventLabel.Outcome => "coalesce(known.outcome, 'fired_nothing')",
            EventLabel.Trigger => "listed.trigger_ref",
            _ => "NULL",
        };
        const string outcomes = """
            LEFT JOIN event_outcomes(@Since, @Until, @TriggerRef) AS known
                   ON known.event = listed.id
                  AND known.created = listed.created
            """;
        var sql = $"""
            SELECT width_bucket(listed.created, @edges) - 1 AS bucket, {label}::text AS label, count(*) AS value
              FROM (SELECT id, created, trigger_ref
                      FROM event
                     {EventRepository.Matching(filter, new())}) AS listed
              {(by == EventLabel.Outcome ? outcomes : "")}
             GROUP BY 1, 2
            """;
        var parameters = new DynamicParameters(EventRepository.Parameters(filter, new(), range, 0));
        parameters.Add("edges", HistogramQuery.Instants(edges));
        return (sql, parameters);
    }
}
