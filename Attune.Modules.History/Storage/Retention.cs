using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.History.Storage;

internal sealed class Retention(NpgsqlDataSource database, TimeProvider clock) : IRetention
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(1);

    private (DateTimeOffset At, IReadOnlyDictionary<string, KeptRows> Tables) _known;

    public async Task<KeptRows> ReadAsync(IdTable table, CancellationToken cancellationToken)
    {
        // Two readers may come here at once and both read the few rows: no harm, and no lock.
        var now = clock.GetUtcNow();
        if (_known.Tables is null || now - _known.At >= Fresh)
        {
            _known = (now, await LookAsync(now, cancellationToken));
        }

        return _known.Tables[EnumNames.Of(table)];
    }

    private async Task<IReadOnlyDictionary<string, KeptRows>> LookAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What is noted of ids goes one chunk's time later than the chunk: while nothing older is noted, nothing has gone.
        const string sql = """
            SELECT time_table.table_name, time_table.keep,
                   min(id_range.min_id) FILTER (WHERE id_range.range_end > @now - time_table.keep) AS lowest,
                   coalesce(bool_or(id_range.range_end <= @now - time_table.keep), false) AS has_expired
              FROM time_table
              LEFT JOIN id_range ON id_range.table_name = time_table.table_name
             WHERE time_table.table_name IN ('event', 'enforcement', 'execution')
             GROUP BY time_table.table_name, time_table.keep
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(new CommandDefinition(sql, new { now }, cancellationToken: cancellationToken));
        return rows.ToDictionary(
            row => row.TableName, row => new KeptRows { Keep = row.Keep, LowestId = row.HasExpired ? row.Lowest : null });
    }

    private sealed record Row
    {
        public required string TableName { get; init; }
        public required TimeSpan Keep { get; init; }
        public long? Lowest { get; init; }
        public required bool HasExpired { get; init; }
    }
}
