using Attune.Db.Faults;
using Dapper;
using Npgsql;

namespace Attune.Db.Histograms;

/// <summary>
/// Counts a histogram, newest rows first and within a time: what is older is then counted by hours, or left out and said so. Few are
/// counted at once, so that readers of pages take nothing from those who send.
/// </summary>
public sealed class HistogramCounter(NpgsqlDataSource database, TimeProvider clock)
{
    private static readonly TimeSpan FirstWindow = TimeSpan.FromDays(1);

    private readonly Turns _turns = new();

    /// <summary>How long all statements of a histogram may take together, whole seconds.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Counts what a query asks for.</summary>
    public Task<Histogram> CountAsync(HistogramQuery query, CancellationToken cancellationToken) =>
        query.Edges.Count < 2 || Range(query) is not { } range
            ? Task.FromResult(Histogram.Empty(query.Edges))
            : _turns.RunAsync(() => CountAsync(query, range, cancellationToken), cancellationToken);

    private static TimeRange? Range(HistogramQuery query)
    {
        var since = query.Since > query.Edges[0] ? query.Since.Value : query.Edges[0];
        var until = query.Until < query.Edges[^1] ? query.Until.Value : query.Edges[^1];
        return since < until ? new(since, until) : null;
    }

    // Each window is about twice as long as the newer ones together, and begins at an edge: where the time ends, a bucket does.
    private static IEnumerable<TimeRange> Windows(TimeRange range, IReadOnlyList<DateTimeOffset> edges)
    {
        var (until, length) = (range.Until, FirstWindow);
        while (until > range.Since)
        {
            var wanted = until - range.Since > length ? until - length : range.Since;
            var edge = edges.LastOrDefault(edge => edge <= wanted);
            var since = edge > range.Since ? edge : range.Since;
            yield return new(since, until);
            (until, length) = (since, length * 2);
        }
    }

    private async Task<Histogram> CountAsync(HistogramQuery query, TimeRange range, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var counts = new HistogramCounts(query.Edges.Count - 1);
        DateTimeOffset? countedBackTo = null, labelledBackTo = null;

        if (!query.HoursAreLabelled || !await HoursAsync(range, Left))
        {
            foreach (var window in Windows(range, query.Edges))
            {
                var rows = await ReadAsync(query.Rows(window, true), Left());
                counts.Add(rows ?? []);
                if (rows is null)
                {
                    labelledBackTo = window.Until;
                    break;
                }
            }
        }

        var again = clock.GetTimestamp();
        if (labelledBackTo is { } rest && !await HoursAsync(range with { Until = rest }, () => Budget - clock.GetElapsedTime(again)))
        {
            (countedBackTo, labelledBackTo) = (rest, null);
        }

        return new()
        {
            Edges = query.Edges,
            Series = counts.Series(query.MostLabels),
            CountedBackTo = countedBackTo,
            LabelledBackTo = labelledBackTo,
        };

        TimeSpan Left() => Budget - clock.GetElapsedTime(began);

        // All of it or nothing.
        async Task<bool> HoursAsync(TimeRange part, Func<TimeSpan> left)
        {
            if (query.Hours is null || HourParts.Of(part, query.Edges) is not { } parts)
            {
                return false;
            }

            var gathered = new List<HistogramRow>();
            foreach (var one in (IEnumerable<(string, object)>)
                     [
                         query.Hours(parts.Hours, parts.LeftOut),
                         .. parts.Rest.Select(rows => query.Rows(rows, query.HoursAreLabelled)),
                     ])
            {
                if (await ReadAsync(one, left()) is not { } rows)
                {
                    return false;
                }

                gathered.AddRange(rows);
            }

            counts.Add(gathered);
            return true;
        }

        // Null where it took too long.
        async Task<IReadOnlyList<HistogramRow>?> ReadAsync((string Sql, object Parameters) statement, TimeSpan left)
        {
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            try
            {
                return (await connection.QueryAsync<HistogramRow>(new CommandDefinition(
                    statement.Sql, statement.Parameters, commandTimeout: (int)Math.Ceiling(left.TotalSeconds),
                    cancellationToken: cancellationToken))).AsList();
            }
            catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
            {
                return null;
            }
        }
    }
}
