using Attune.Db;

namespace Attune.Web.Lists;

/// <summary>Reads many rows of a list, a page after the other.</summary>
internal static class Stretch
{
    /// <summary>So many rows are shown again to somebody who comes back, and read again when some of them can still change.</summary>
    public const int Most = 1_000;

    /// <summary>Up to so many rows, and where the list goes on behind them.</summary>
    public static async Task<(IReadOnlyList<TRow> Rows, Cursor? Next)> ReadAsync<TRow>(
        Cursor? after, int count, Func<PageRequest, CancellationToken, Task<Page<TRow>>> read, CancellationToken cancellationToken)
    {
        var rows = new List<TRow>();
        var wanted = Math.Clamp(count, 1, Most);
        do
        {
            var page = await read(
                new PageRequest { Size = Math.Min(wanted - rows.Count, PageRequest.MaxSize), After = after }, cancellationToken);
            rows.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null && rows.Count < wanted);

        return (rows, after);
    }

    /// <summary>The rows shown, with those that could still change as they are now.</summary>
    public static async Task<IReadOnlyList<TRow>> AgainAsync<TRow>(
        IReadOnlyList<TRow> shown, Func<TRow, bool> isFinal, Func<PageRequest, CancellationToken, Task<Page<TRow>>> read,
        CancellationToken cancellationToken)
        where TRow : IKeysetRow
    {
        var open = shown.Index().Where(one => !isFinal(one.Item)).Select(one => one.Index).ToList();
        if (open.Count == 0)
        {
            return shown;
        }

        var (again, _) = await ReadAsync(JustAbove(shown[open[0]]), open[^1] - open[0] + 1, read, cancellationToken);
        var byId = again.ToDictionary(row => row.Id);
        return [.. shown.Select(row => byId.GetValueOrDefault(row.Id, row))];
    }

    /// <summary>A place after which a page begins with the row.</summary>
    public static Cursor JustAbove<TRow>(TRow row) where TRow : IKeysetRow => new(row.Created, row.Id + 1);
}
