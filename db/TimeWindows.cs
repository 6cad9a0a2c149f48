using Dapper;
using Npgsql;

namespace Attune.Db;

/// <summary>
/// Divides the time of a list into windows, which it reads newest first: the last day, then the week before, then the rest. A page
/// that recent rows fill costs a few chunks, where one query over all of time would have to open every one of them. A page before a
/// row is read upwards from it: the day after it, the week after that, the rest.
/// </summary>
public static class TimeWindows
{
    private static readonly TimeSpan First = TimeSpan.FromDays(1);
    private static readonly TimeSpan Second = TimeSpan.FromDays(8);

    /// <summary>
    /// The windows of a list; together they are exactly the time it asks for, so a clock that is wrong costs time, not rows.
    /// </summary>
    /// <param name="now">About now.</param>
    /// <param name="since">The list's lower bound, if it has one.</param>
    /// <param name="until">The list's upper bound, not within it.</param>
    /// <param name="page">
    /// A page after a cursor begins there. One given by its number has a single window: its rows to skip are counted in it.
    /// </param>
    public static IReadOnlyList<TimeRange> Of(DateTimeOffset now, DateTimeOffset? since, DateTimeOffset? until, PageRequest page)
    {
        var whole = new TimeRange(since ?? TimeRange.Always.Since, until ?? TimeRange.Always.Until);
        if (page.Offset > 0)
        {
            return [whole];
        }

        if (page.Before is { } before)
        {
            return Upwards(whole, before.At);
        }

        var newest = new[] { now, whole.Until, page.After?.At ?? whole.Until }.Min();
        var windows = new List<TimeRange>();
        var end = whole.Until;
        foreach (var start in (DateTimeOffset[])[Before(newest, First), Before(newest, Second), whole.Since])
        {
            var from = start > whole.Since ? start : whole.Since;
            if (from < end)
            {
                windows.Add(new(from, end));
                end = from;
            }
        }

        return windows;
    }

    /// <summary>Reads rows from one window after another until there are enough.</summary>
    /// <param name="windows">Where to read, newest first.</param>
    /// <param name="limit">Rows wanted.</param>
    /// <param name="read">Reads up to so many rows of one window.</param>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(
        IReadOnlyList<TimeRange> windows, int limit, Func<TimeRange, int, Task<IEnumerable<T>>> read)
    {
        var rows = new List<T>();
        foreach (var window in windows)
        {
            // Always as many: a prepared statement is known by its text, which has the limit in it.
            rows.AddRange(await read(window, limit));
            if (rows.Count >= limit)
            {
                break;
            }
        }

        return rows.Count > limit ? rows.GetRange(0, limit) : rows;
    }

    /// <summary>Counts rows in one window after another, no further than to <see cref="Total.CountedAtMost"/>.</summary>
    /// <param name="windows">Where to count, newest first.</param>
    /// <param name="count">Counts up to so many rows of one window.</param>
    private static async Task<Total> CountAsync(IReadOnlyList<TimeRange> windows, Func<TimeRange, int, Task<long>> count)
    {
        var counted = 0L;
        foreach (var window in windows)
        {
            counted += await count(window, (int)(Total.CountedAtMost + 1 - counted));
            if (counted > Total.CountedAtMost)
            {
                break;
            }
        }

        return Total.Of(counted);
    }

    /// <summary>The same by a query of its own for each window.</summary>
    /// <param name="database">Where the rows are.</param>
    /// <param name="windows">Where to count, newest first.</param>
    /// <param name="query">The query that counts up to so many rows of one window, and its parameters.</param>
    /// <param name="timeout">Seconds that each may take; null for as long as any.</param>
    /// <param name="cancellationToken">Ends the counting.</param>
    public static Task<Total> CountAsync(
        NpgsqlDataSource database, IReadOnlyList<TimeRange> windows, Func<TimeRange, int, (string Sql, object Parameters)> query, int? timeout,
        CancellationToken cancellationToken) => CountAsync(windows, async (range, limit) =>
        {
            var (sql, parameters) = query(range, limit);
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await connection.ExecuteScalarAsync<long>(
                new CommandDefinition(sql, parameters, commandTimeout: timeout, cancellationToken: cancellationToken));
        });

    // What lies below the row comes last, where nothing is found and what is counted is complete.
    private static List<TimeRange> Upwards(TimeRange whole, DateTimeOffset from)
    {
        var start = from < whole.Since ? whole.Since : from > whole.Until ? whole.Until : from;
        var windows = new List<TimeRange>();
        foreach (var end in (DateTimeOffset[])[After(from, First), After(from, Second), whole.Until])
        {
            var until = end < whole.Until ? end : whole.Until;
            if (start < until)
            {
                windows.Add(new(start, until));
                start = until;
            }
        }

        var lowest = windows.Count == 0 ? whole.Until : windows[0].Since;
        if (whole.Since < lowest)
        {
            windows.Add(new(whole.Since, lowest));
        }

        return windows;
    }

    private static DateTimeOffset After(DateTimeOffset at, TimeSpan time) =>
        DateTimeOffset.MaxValue - at > time ? at + time : DateTimeOffset.MaxValue;

    private static DateTimeOffset Before(DateTimeOffset at, TimeSpan time) =>
        at - TimeRange.Always.Since > time ? at - time : TimeRange.Always.Since;
}
