using Attune.Db;
using Attune.Db.Histograms;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Enforcements;

internal sealed class EnforcementHistogram(NpgsqlDataSource database, HistogramCounter counter) : IEnforcementHistogram
{
    public Task<Histogram> CountAsync(
        EnforcementFilter filter, IReadOnlyList<DateTimeOffset> edges, EnforcementLabel by, CancellationToken cancellationToken) =>
        EnforcementRepository.CanMatch(filter)
            ? counter.CountAsync(Query(filter, edges, by), cancellationToken)
            : Task.FromResult(Histogram.Empty(edges));

    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        const string sql = "SELECT created FROM enforcement ORDER BY created, id LIMIT 1";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(new CommandDefinition(sql, cancellationToken: cancellationToken));
    }

    internal static HistogramQuery Query(EnforcementFilter filter, IReadOnlyList<DateTimeOffset> edges, EnforcementLabel by) => new()
    {
        Edges = edges,
        Since = filter.Since,
        Until = filter.Until,
        Rows = (range, labelled) => EnforcementQueries.Histogram(filter, edges, range, labelled ? by : null),

        // The hourly view knows the rule, and nothing else.
        Hours = filter with { RuleRef = null, Since = null, Until = null } == new EnforcementFilter()
            ? (hours, leftOut) => Hours(filter, edges, hours, leftOut, by == EnforcementLabel.Rule)
            : null,
        HoursAreLabelled = by == EnforcementLabel.Rule,
    };

    private static (string Sql, object Parameters) Hours(
        EnforcementFilter filter, IReadOnlyList<DateTimeOffset> edges, TimeRange hours, IReadOnlyList<DateTimeOffset> leftOut, bool labelled)
    {
        var sql = $"""
            SELECT width_bucket(bucket, @edges) - 1 AS bucket, {(labelled ? "rule_ref" : "NULL")}::text AS label,
                   sum(enforcement_count)::bigint AS value
              FROM enforcement_volume_hourly
             WHERE bucket >= @Since
               AND bucket < @Until
               AND bucket <> ALL (@leftOut)
               {(filter.RuleRef is null ? "" : "AND rule_ref = @RuleRef")}
             GROUP BY 1, 2
            """;
        return (sql, new
        {
            hours.Since,
            hours.Until,
            filter.RuleRef,
            edges = HistogramQuery.Instants(edges),
            leftOut = HistogramQuery.Instants(leftOut),
        });
    }
}
