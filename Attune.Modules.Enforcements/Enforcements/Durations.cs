using Attune.Db.Faults;
using Attune.Modules.Enforcements.Executions;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Enforcements;

internal sealed class Durations(NpgsqlDataSource database) : IDurations
{
    // Seconds, for each statement.
    private const int Timeout = 5;

    private const string TooLong = "It took too long to read so many rows: ask for a shorter time, by since and until.";
    private const string Shares = "ARRAY[0.5, 0.95]";

    public Task<DurationPair?> ToResolveAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT count(*) AS counted, percentile_disc({Shares}) WITHIN GROUP (ORDER BY took) AS took
              FROM (SELECT extract(epoch FROM resolved_at - created)::float8 AS took
                      FROM enforcement
                     WHERE created >= @since
                       AND created < @until
                       AND status = 'processed'
                     ORDER BY created DESC, id DESC
                     LIMIT @limit) AS newest
            """;

        return ReadAsync(sql, since, until, cancellationToken);
    }

    public Task<DurationPair?> ToCompleteAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT count(*) AS counted, percentile_disc({Shares}) WITHIN GROUP (ORDER BY took) AS took
              FROM (SELECT extract(epoch FROM updated - created)::float8 AS took
                      FROM execution
                     WHERE created >= @since
                       AND created < @until
                       AND status = 'completed'
                     ORDER BY created DESC, id DESC
                     LIMIT @limit) AS newest
            """;

        return ReadAsync(sql, since, until, cancellationToken);
    }

    public async Task<IReadOnlyList<FailureReason>> FailuresAsync(
        DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        var (sql, parameters) = FailureQueries.Reasons(new() { Since = since, Until = until }, limit);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<FailureReason>(
            new CommandDefinition(sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken))
            .OrRefuseAsync("since", TooLong)).AsList();
    }

    private async Task<DurationPair?> ReadAsync(string sql, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (counted, took) = await connection.QuerySingleAsync<(long Counted, double[]? Took)>(new CommandDefinition(
            sql, new { since, until, limit = IDurations.Sample + 1 }, commandTimeout: Timeout, cancellationToken: cancellationToken))
            .OrRefuseAsync("since", TooLong);
        return took is not { Length: 2 } ? null : new()
        {
            Median = TimeSpan.FromSeconds(took[0]),
            Most = TimeSpan.FromSeconds(took[1]),
            Counted = Math.Min(counted, IDurations.Sample),
            IsSample = counted > IDurations.Sample,
        };
    }
}
