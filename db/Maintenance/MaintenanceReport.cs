using Attune.Db.Changes;
using Dapper;
using Npgsql;

namespace Attune.Db.Maintenance;

/// <summary>What the maintenance of the time tables has left undone.</summary>
public sealed record MaintenanceReport
{
    /// <summary>Tables that hold rows in their default partition, with how many, counted up to <see cref="Total.CountedAtMost"/>.</summary>
    public required IReadOnlyList<(string Table, long Rows)> DefaultRows { get; init; }

    /// <summary>Background jobs of the engine whose last run failed.</summary>
    public required IReadOnlyList<string> FailedJobs { get; init; }

    /// <summary>Up to when the hourly counts are up to date; null where the engine counts.</summary>
    public required DateTimeOffset? CountedUntil { get; init; }
}

/// <summary>Reads what the maintenance of the time tables has left undone.</summary>
public sealed class MaintenanceReports(NpgsqlDataSource database, DatabaseFacts facts)
{
    public async Task<MaintenanceReport> ReadAsync(CancellationToken cancellationToken)
    {
        const string counted = "SELECT min(watermark) FROM hourly_view WHERE materialised = 'rollup'";

        var fact = await facts.GetAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return new()
        {
            DefaultRows = fact.Engine == DatabaseEngine.Native ? await DefaultRowsAsync(connection, cancellationToken) : [],
            FailedJobs = fact.TimescaleVersion is null ? [] : await FailedJobsAsync(connection, cancellationToken),
            CountedUntil = await connection.ExecuteScalarAsync<DateTimeOffset?>(new CommandDefinition(counted, cancellationToken: cancellationToken)),
        };
    }

    /// <summary>How many connections listen for changes in this database.</summary>
    public async Task<long> ListenersAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT count(*)
              FROM pg_stat_activity
             WHERE datname = current_database()
               AND application_name = @SessionName
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            sql, new { ChangeListener.SessionName }, cancellationToken: cancellationToken));
    }

    private static async Task<IReadOnlyList<(string Table, long Rows)>> DefaultRowsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string names = "SELECT table_name, quote_ident(table_name || '_default') FROM time_table ORDER BY table_name";

        var filled = new List<(string, long)>();
        foreach (var (table, partition) in await connection.QueryAsync<(string, string)>(new CommandDefinition(
            names, cancellationToken: cancellationToken)))
        {
            // The name is the database's own, and quoted by it.
            var rows = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                $"SELECT count(*) FROM (SELECT FROM {partition} LIMIT @CountedAtMost) AS counted",
                new { Total.CountedAtMost },
                cancellationToken: cancellationToken));
            if (rows > 0)
            {
                filled.Add((table, rows));
            }
        }

        return filled;
    }

    private static async Task<IReadOnlyList<string>> FailedJobsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT format('%s (%s) of %s', jobs.proc_name, jobs.job_id, coalesce(jobs.hypertable_name, 'the server'))
              FROM timescaledb_information.jobs AS jobs
              JOIN timescaledb_information.job_stats AS stats ON stats.job_id = jobs.job_id
             WHERE stats.last_run_status = 'Failed'
             ORDER BY jobs.job_id
            """;

        return (await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: cancellationToken))).AsList();
    }
}
