using Attune.Db;

namespace Attune.Web.Lists;

/// <summary>The rows that came in above the ones shown, counted without being kept.</summary>
internal sealed class WaitingRows<TRow> where TRow : IKeysetRow
{
    /// <summary>Beyond it nobody needs to know how many.</summary>
    public const int Most = 10_000;

    private readonly HashSet<long> _ids = [];

    public int Count => _ids.Count;

    public void Clear() => _ids.Clear();

    /// <summary>Counts those above a row: the newest pages are read, down to one that has a row which was counted before.</summary>
    public async Task CountAsync(
        TRow first, Func<PageRequest, CancellationToken, Task<Page<TRow>>> read, CancellationToken cancellationToken)
    {
        var request = new PageRequest { Size = PageRequest.MaxSize };
        while (_ids.Count < Most)
        {
            var page = await read(request, cancellationToken);
            var added = page.Items.TakeWhile(row => IsAbove(row, first)).Count(row => _ids.Add(row.Id));
            if (added < page.Items.Count || page.Next is null)
            {
                return;
            }

            request = request with { After = page.Next };
        }
    }

    private static bool IsAbove(TRow one, TRow other) =>
        one.Created > other.Created || (one.Created == other.Created && one.Id > other.Id);
}
