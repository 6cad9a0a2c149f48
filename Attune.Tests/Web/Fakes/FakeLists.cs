
namespace Attune.Tests.Web.Fakes;

/// <summary>Cuts a page out of rows in memory, as the repositories do in SQL.</summary>
internal static class FakeLists
{
    public static Task<Page<T>> PageAsync<T>(IEnumerable<T> rows, PageRequest request, Func<T, Cursor> place)
    {
        var newest = rows.OrderByDescending(row => place(row).At).ThenByDescending(row => place(row).Id).ToList();
        var read = newest
            .Where(row => request.After is not { } after
                || place(row).At < after.At || (place(row).At == after.At && place(row).Id < after.Id))
            .Skip((int)request.Offset)
            .Take(request.Size + 1)
            .ToList();
        return Task.FromResult(Page.From(read, request.Size, place, request.IncludeTotal ? Total.Of(newest.Count) : null));
    }

    public static Task<Page<T>> PageByRefAsync<T>(IEnumerable<T> rows, PageRequest request, Func<T, string> reference)
    {
        var read = rows.OrderBy(reference, StringComparer.Ordinal).Skip((int)request.Offset).Take(request.Size).ToList();
        return Task.FromResult(new Page<T>(read, null));
    }

    public static bool Within(DateTimeOffset at, DateTimeOffset? since, DateTimeOffset? until) =>
        (since is null || at >= since) && (until is null || at < until);
}
