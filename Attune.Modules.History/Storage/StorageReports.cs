using Attune.Db;
using Attune.Db.Faults;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.History.Storage;

internal sealed class StorageReports : IStorageReports
{
    private const int TimeoutSeconds = 10;

    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private readonly NpgsqlDataSource _database;
    private readonly DatabaseFacts _facts;
    private readonly TimeProvider _clock;
    private readonly SharedRead<StorageReport> _report;

    public StorageReports(NpgsqlDataSource database, DatabaseFacts facts, TimeProvider clock) =>
        (_database, _facts, _clock, _report) = (database, facts, clock, new(clock, Fresh, LookAsync));

    // However many look, it is read once a minute.
    public Task<StorageReport> ReadAsync(CancellationToken cancellationToken) => _report.GetAsync(cancellationToken);

    private async Task<StorageReport> LookAsync(CancellationToken cancellationToken)
    {
        const string serverSql = """
            SELECT pg_database_size(current_database()) AS database_bytes,
                   (SELECT min(watermark) FROM hourly_view WHERE materialised = 'rollup') AS counted_until
            """;
        const string tablesSql = """
            SELECT table_name AS name, width, keep, compress_after
              FROM time_table
             ORDER BY table_name
            """;
        const string nativeSql = """
            SELECT time_table.table_name AS table_name, part.chunk AS name, part.range_start AS since, part.range_end AS until,
                   pg_total_relation_size(to_regclass(quote_ident(part.chunk))) AS bytes, false AS is_compressed,
                   NULL::bigint AS bytes_before, NULL::bigint AS bytes_after
              FROM time_table
             CROSS JOIN LATERAL time_ranges(time_table.table_name) AS part
             ORDER BY 1, 3
            """;
        const string chunkSql = """
            SELECT chunks.hypertable_name::text AS table_name, chunks.chunk_name::text AS name, chunks.range_start AS since,
                   chunks.range_end AS until, coalesce(sizes.total_bytes, 0) AS bytes, coalesce(chunks.is_compressed, false) AS is_compressed,
                   compressed.before_compression_total_bytes AS bytes_before, compressed.after_compression_total_bytes AS bytes_after
              FROM time_table
              JOIN timescaledb_information.chunks AS chunks
                ON chunks.hypertable_name = time_table.table_name AND chunks.hypertable_schema = current_schema()
              LEFT JOIN LATERAL chunks_detailed_size(to_regclass(quote_ident(time_table.table_name))) AS sizes
                ON sizes.chunk_name = chunks.chunk_name
              LEFT JOIN LATERAL chunk_compression_stats(to_regclass(quote_ident(time_table.table_name))) AS compressed
                ON compressed.chunk_name = chunks.chunk_name
             ORDER BY 1, 3
            """;
        const string jobsSql = """
            SELECT jobs.proc_name::text AS name, jobs.hypertable_name::text AS on_table, stats.last_run_started_at AS last_run,
                   stats.last_run_status AS last_status, stats.next_start AS next_run, coalesce(stats.total_failures, 0) AS failures
              FROM timescaledb_information.jobs AS jobs
              LEFT JOIN timescaledb_information.job_stats AS stats ON stats.job_id = jobs.job_id
             ORDER BY jobs.job_id
             LIMIT 100
            """;

        var at = _clock.GetUtcNow();
        var fact = await _facts.GetAsync(cancellationToken);
        await using var connection = await _database.OpenConnectionAsync(cancellationToken);
        var server = await InTime(connection.QuerySingleAsync<ServerRow>(Command(serverSql)));
        var tables = (await InTime(connection.QueryAsync<TableRow>(Command(tablesSql)))).AsList();
        var isTimescale = fact.Engine == DatabaseEngine.Timescale;
        var parts = (await InTime(connection.QueryAsync<PartRow>(Command(isTimescale ? chunkSql : nativeSql)))).ToLookup(part => part.TableName);
        var jobs = isTimescale ? (await InTime(connection.QueryAsync<JobRow>(Command(jobsSql)))).AsList() : [];
        return new()
        {
            At = at,
            Engine = EnumNames.Of(fact.Engine),
            Server = fact.ServerVersion,
            Extension = fact.TimescaleVersion,
            DatabaseBytes = server.DatabaseBytes,
            CountedUntil = server.CountedUntil,
            Tables = [.. tables.Select(table => Table(table, [.. parts[table.Name]]))],
            Jobs =
            [
                .. jobs.Select(job =>
                    new StorageJob(job.Name, job.OnTable, Finite(job.LastRun), job.LastStatus, Finite(job.NextRun), job.Failures)),
            ],
        };

        static Task<T> InTime<T>(Task<T> reading) =>
            reading.OrRefuseAsync(null, "The sizes of the tables could not be read in time. Try again in a minute.");

        CommandDefinition Command(string sql) => new(sql, commandTimeout: TimeoutSeconds, cancellationToken: cancellationToken);
    }

    private static StorageTable Table(TableRow table, IReadOnlyList<PartRow> parts) => new()
    {
        Name = table.Name,
        Width = table.Width,
        Keep = table.Keep,
        CompressAfter = table.CompressAfter,
        Bytes = parts.Sum(part => part.Bytes),
        Compression = Sum([.. parts.Select(Compression).OfType<StorageCompression>()]),
        NextDrop = parts.Count == 0 ? null : parts.Min(part => part.Until) + table.Keep,
        Parts = [.. parts.Select(part => new StoragePart(part.Name, part.Since, part.Until, part.Bytes, part.IsCompressed, Compression(part)))],
    };

    private static StorageCompression? Compression(PartRow part) => part is { IsCompressed: true, BytesBefore: { } before, BytesAfter: { } after }
        ? new(before, after)
        : null;

    private static StorageCompression? Sum(IReadOnlyList<StorageCompression> all) =>
        all.Count == 0 ? null : new(all.Sum(one => one.BytesBefore), all.Sum(one => one.BytesAfter));

    // A job that never ran began at minus infinity.
    private static DateTimeOffset? Finite(DateTimeOffset? at) => at is { Year: > 1 and < 9999 } ? at : null;

    private sealed record ServerRow
    {
        public required long DatabaseBytes { get; init; }
        public DateTimeOffset? CountedUntil { get; init; }
    }

    private sealed record TableRow
    {
        public required string Name { get; init; }
        public required TimeSpan Width { get; init; }
        public required TimeSpan Keep { get; init; }
        public required TimeSpan CompressAfter { get; init; }
    }

    private sealed record PartRow
    {
        public required string TableName { get; init; }
        public required string Name { get; init; }
        public required DateTimeOffset Since { get; init; }
        public required DateTimeOffset Until { get; init; }
        public required long Bytes { get; init; }
        public required bool IsCompressed { get; init; }
        public long? BytesBefore { get; init; }
        public long? BytesAfter { get; init; }
    }

    private sealed record JobRow
    {
        public required string Name { get; init; }
        public string? OnTable { get; init; }
        public DateTimeOffset? LastRun { get; init; }
        public string? LastStatus { get; init; }
        public DateTimeOffset? NextRun { get; init; }
        public required long Failures { get; init; }
    }
}
