using Dapper;
using Npgsql;

namespace Attune.Db.Maintenance;

/// <summary>
/// The maintenance of the time tables: partitions ahead of time, expired ones gone, hourly counts and id ranges up to date.
/// Any number of hosts may call; one does the work.
/// </summary>
public sealed class TimeTables(NpgsqlDataSource database, IdRanges ids)
{
    private const long LockKey = 0x6b656570; // A number of its own; hosts of earlier builds take the same one.

    /// <summary>Does all of it now. Each table is a transaction of its own, so that inserts wait for an instant at most.</summary>
    /// <returns>False when another host was at it.</returns>
    public Task<bool> MaintainAsync(CancellationToken cancellationToken) => AloneAsync(MaintainAsync, cancellationToken);

    /// <summary>Brings the hourly counts up to date, so that their views have few rows left to count.</summary>
    /// <returns>False when another host was at it.</returns>
    public Task<bool> CountAsync(CancellationToken cancellationToken) => AloneAsync(CountAsync, cancellationToken);

    private async Task<bool> AloneAsync(Func<NpgsqlConnection, CancellationToken, Task> maintain, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var gate = await connection.BeginTransactionAsync(cancellationToken);
        if (!await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT pg_try_advisory_xact_lock(@LockKey)", new { LockKey }, gate, cancellationToken: cancellationToken)))
        {
            return false;
        }

        await using var work = await database.OpenConnectionAsync(cancellationToken);
        await RunAsync(work, "SET lock_timeout = '5s'", null, cancellationToken);
        await maintain(work, cancellationToken);
        return true;
    }

    private async Task MaintainAsync(NpgsqlConnection work, CancellationToken cancellationToken)
    {
        foreach (var table in await NamesAsync(work, cancellationToken))
        {
            await RunAsync(work, "CALL maintain_time_table(@table)", new { table }, cancellationToken);
        }

        await CountAsync(work, cancellationToken);
        await RefreshAggregatesAsync(work, cancellationToken);
        await RunAsync(work, "CALL note_id_ranges()", null, cancellationToken);
        await RunAsync(work, "DELETE FROM event_key WHERE created < now() - INTERVAL '24 hours'", null, cancellationToken);
        await PruneJobsAsync(work, cancellationToken);
        ids.Forget();
    }

    // Their items go with them.
    private static Task PruneJobsAsync(NpgsqlConnection work, CancellationToken cancellationToken)
    {
        const string sql = """
            DELETE FROM job
             WHERE state <> 'running'
               AND coalesce(ended_at, confirmed_at, created) < now() - INTERVAL '30 days'
            """;

        return RunAsync(work, sql, null, cancellationToken);
    }

    private static Task CountAsync(NpgsqlConnection work, CancellationToken cancellationToken) =>
        RunAsync(work, "CALL count_all_hours()", null, cancellationToken);

    private static async Task<IReadOnlyList<string>> NamesAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT table_name FROM time_table ORDER BY table_name", cancellationToken: cancellationToken))).AsList();

    // A refresh cannot run inside a transaction, so it is called from here and not from a procedure.
    private static async Task RefreshAggregatesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var late = (await connection.QueryAsync<LateHour>(new CommandDefinition(
            "SELECT aggregate, bucket, flag FROM hours_to_refresh()", cancellationToken: cancellationToken))).AsList();
        var busy = new HashSet<long>();
        foreach (var hours in late.GroupBy(hour => hour.Aggregate))
        {
            // One refresh from the first late hour to the last: the engine skips what has not changed.
            var since = hours.Min(hour => hour.Bucket);
            var until = hours.Max(hour => hour.Bucket).AddHours(1);
            try
            {
                await RunAsync(
                    connection,
                    "CALL refresh_continuous_aggregate(@Key::regclass, @since, @until)",
                    new { hours.Key, since, until },
                    cancellationToken);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.LockNotAvailable)
            {
                // The engine is refreshing these hours itself. They stay flagged, and so are counted from the rows, until the next
                // maintenance.
                busy.UnionWith(hours.Select(hour => hour.Flag));
            }
        }

        var flags = late.Select(hour => hour.Flag).Except(busy).ToArray();
        await RunAsync(connection, "DELETE FROM hourly_late WHERE id = ANY(@flags)", new { flags }, cancellationToken);
    }

    private static Task RunAsync(NpgsqlConnection connection, string sql, object? parameters, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(sql, parameters, commandTimeout: 600, cancellationToken: cancellationToken));

    private sealed record LateHour
    {
        public required string Aggregate { get; init; }
        public required DateTimeOffset Bucket { get; init; }
        public required long Flag { get; init; }
    }
}
