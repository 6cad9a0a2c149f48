using Attune.Db;

namespace Attune.Host.Packs;

/// <summary>Reads lists whole.</summary>
internal static class Listing
{
    public static async Task<IReadOnlyList<T>> AllAsync<T>(Func<PageRequest, Task<Page<T>>> list)
    {
        var all = new List<T>();
        var page = await list(new() { Size = PageRequest.MaxSize });
        all.AddRange(page.Items);
        while (page.Next is { } next)
        {
            page = await list(new() { Size = PageRequest.MaxSize, After = next });
            all.AddRange(page.Items);
        }

        return all;
    }
}
