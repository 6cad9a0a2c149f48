using System.Runtime.CompilerServices;
using Attune.Db;

namespace Attune.Modules.Enforcements.Export;

/// <summary>The rows of a list or of a search, all of them, a page in memory at a time.</summary>
internal static class ExportRows
{
    /// <summary>Of a list.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<TRow>> ListAsync<TRow>(
        Func<PageRequest, CancellationToken, Task<Page<TRow>>> list, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Cursor? after = null;
        do
        {
            var page = await list(new() { Size = PageRequest.MaxSize, After = after }, cancellationToken);
            after = page.Next;
            yield return page.Items;
        }
        while (after is not null);
    }

    /// <summary>Of a search, that goes on where its bounds end it.</summary>
    public static async IAsyncEnumerable<IReadOnlyList<TRow>> SearchAsync<TRow>(
        Func<Cursor?, CancellationToken, IAsyncEnumerable<SearchStep<TRow>>> search, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Cursor? after = null;
        do
        {
            SearchEnd? end = null;
            await foreach (var step in search(after, cancellationToken))
            {
                end = step.End;
                if (step.Hits.Count > 0)
                {
                    yield return step.Hits;
                }
            }

            after = end?.Next;
        }
        while (after is not null);
    }
}
