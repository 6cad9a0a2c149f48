using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Db;

/// <summary>The tables whose rows are found by a bare id.</summary>
public enum IdTable
{
    Event,
    Enforcement,
    Execution,
}

/// <summary>A half-open range of time in which a row was most likely created.</summary>
public readonly record struct TimeRange(DateTimeOffset Since, DateTimeOffset Until)
{
    /// <summary>All of time: what a query falls back to when a hint was wrong.</summary>
    public static TimeRange Always { get; } = new(DateTimeOffset.UnixEpoch, new DateTimeOffset(9000, 1, 1, 0, 0, 0, TimeSpan.Zero));

    /// <summary>The part of a hint that a list asks for; null when the hint says nothing, or nothing that the list asks for.</summary>
    public TimeRange? Within(DateTimeOffset? since, DateTimeOffset? until)
    {
        var from = since > Since ? since.Value : Since;
        var to = until < Until ? until.Value : Until;
        return this == Always || from >= to ? null : new(from, to);
    }
}

/// <summary>
/// Tells from a bare id when its row was created, closely enough to read one chunk instead of ninety. Ids and time grow
/// together, and which ids a closed chunk holds is written down (see <c>note_id_ranges</c>); it is a hint, because a row may come late.
/// </summary>
public sealed class IdRanges(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(5);

    // A database whose clock is further ahead of this one costs a second look at each new row, no more.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(1);

    private Known _known = new(DateTimeOffset.MinValue, []);

    /// <summary>
    /// Finds a row by its id: first where the hint says, then everywhere.
    /// </summary>
    /// <param name="table">The table that has the row.</param>
    /// <param name="id">The id.</param>
    /// <param name="find">Runs the query within a range of <c>created</c>; null when there is no such row in it.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<T?> FindAsync<T>(
        IdTable table, long id, Func<TimeRange, CancellationToken, Task<T?>> find, CancellationToken cancellationToken)
        where T : class
    {
        var hint = await HintAsync(table, id, cancellationToken);
        return await find(hint, cancellationToken)
            ?? (hint == TimeRange.Always ? null : await find(TimeRange.Always, cancellationToken));
    }

    /// <summary>Whether there is a row of an id.</summary>
    public async Task<bool> ExistsAsync(IdTable table, long id, CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT id
              FROM {EnumNames.Of(table)}
             WHERE id = @id
               AND created >= @Since
               AND created < @Until
            """;

        return await FindAsync(table, id, async (range, token) =>
        {
            await using var connection = await database.OpenConnectionAsync(token);
            return await connection.ExecuteScalarAsync<object?>(
                new CommandDefinition(sql, new { id, range.Since, range.Until }, cancellationToken: token));
        }, cancellationToken) is not null;
    }

    /// <summary>Where the row of an id most likely is.</summary>
    public async Task<TimeRange> HintAsync(IdTable table, long id, CancellationToken cancellationToken)
    {
        var closed = (await KnownAsync(cancellationToken)).Closed;
        DateTimeOffset? since = null, until = null, open = null;
        foreach (var range in closed)
        {
            if (range.Table != table)
            {
                continue;
            }

            open = open is null || range.Until > open ? range.Until : open;
            if (range.MinId <= id && id <= range.MaxId)
            {
                since = since is null || range.Since < since ? range.Since : since;
                until = until is null || range.Until > until ? range.Until : until;
            }
        }

        // An id that no closed chunk has is in one that is still open, and not in one that is yet to come.
        return since is not null
            ? new(since.Value, until!.Value)
            : open is not null ? new(open.Value, clock.GetUtcNow() + ClockDifference) : TimeRange.Always;
    }

    /// <summary>Forgets what was read, after chunks were written down.</summary>
    public void Forget() => _known = new(DateTimeOffset.MinValue, []);

    private async Task<Known> KnownAsync(CancellationToken cancellationToken)
    {
        var known = _known;
        if (clock.GetUtcNow() - known.ReadAt < Fresh)
        {
            return known;
        }

        // Two readers may come here at once and both read the few rows: no harm, and no lock.
        return _known = new(clock.GetUtcNow(), await ReadAsync(cancellationToken));
    }

    private async Task<IReadOnlyList<ClosedRange>> ReadAsync(CancellationToken cancellationToken)
    {
        // An empty chunk holds no id, but it is closed: ids past it are younger.
        const string sql = """
            SELECT table_name AS "table", range_start AS since, range_end AS until,
                   coalesce(min_id, 0) AS min_id, coalesce(max_id, -1) AS max_id
              FROM id_range
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<ClosedRange>(new CommandDefinition(sql, cancellationToken: cancellationToken))).AsList();
    }

    private sealed record Known(DateTimeOffset ReadAt, IReadOnlyList<ClosedRange> Closed);

    private sealed record ClosedRange
    {
        public required IdTable Table { get; init; }
        public required DateTimeOffset Since { get; init; }
        public required DateTimeOffset Until { get; init; }
        public required long MinId { get; init; }
        public required long MaxId { get; init; }
    }
}
