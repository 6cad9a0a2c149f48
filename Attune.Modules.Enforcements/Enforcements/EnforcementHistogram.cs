using Attune.Db.Faults;
using Attune.Db.Histograms;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Enforcements;

internal sealed class EnforcementHistogram(NpgsqlDataSource database, HistogramCounter counter) : IEnforcementHistogram
{
    // In seconds: the end of an index is read.
    private const int Timeout = 5;

    private static readonly HourlyView Hourly = new("enforcement_volume_hourly", "rule_ref", "enforcement_count");

    public Task<Histogram> CountAsync(
        EnforcementFilter filter, IReadOnlyList<DateTimeOffset> edges, EnforcementLabel by, CancellationToken cancellationToken) =>
        EnforcementRepository.CanMatch(filter)
            ? counter.CountAsync(Query(filter, edges, by), cancellationToken)
            : Task.FromResult(Histogram.Empty(edges));

    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        const string sql = "SELECT created FROM enforcement ORDER BY created, id LIMIT 1";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
            new CommandDefinition(sql, commandTimeout: Timeout, cancellationToken: cancellationToken))
            .OrRefuseAsync("since", "The oldest enforcement could not be found in time: ask for a range of time, by since.");
    }

    internal static HistogramQuery Query(EnforcementFilter filter, IReadOnlyList<DateTimeOffset> edges, EnforcementLabel by) => new()
    {
        Edges = edges,
        Since = filter.Since,
        Until = filter.Until,
        Rows = (range, labelled) => EnforcementQueries.Histogram(filter, edges, range, labelled ? by : null),

        // The hourly view knows the rule, and nothing else.
        Hours = filter with { RuleRef = null, Since = null, Until = null } == new EnforcementFilter()
            ? (hours, leftOut) => Hourly.Hours(edges, hours, leftOut, filter.RuleRef, by == EnforcementLabel.Rule)
            : null,
        HoursAreLabelled = by == EnforcementLabel.Rule,
    };
}
