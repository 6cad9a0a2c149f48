using Attune.Db;

namespace Attune.Web.Lists;

/// <summary>Lists that are short enough to be read whole: they are read page by page, up to 500 rows.</summary>
internal static class WholeList
{
    private const int Most = 500;

    public static async Task<IReadOnlyList<T>> ReadAsync<T>(
        Func<PageRequest, CancellationToken, Task<Page<T>>> read, CancellationToken cancellationToken)
    {
        var known = new List<T>();
        Page<T> page;
        do
        {
            page = await read(new PageRequest { Size = PageRequest.MaxSize, Offset = known.Count }, cancellationToken);
            known.AddRange(page.Items);
        }
        while (page.Next is not null && known.Count < Most);

        return known;
    }
}
