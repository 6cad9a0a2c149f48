
namespace Attune.Tests.Web.Fakes;

/// <summary>Cuts a page out of rows in memory, as the repositories do in SQL.</summary>
internal static class FakeLists
{
    public static Task<Page<T>> PageAsync<T>(IEnumerable<T> rows, PageRequest request, Func<T, Cursor> place)
    {
        if (request.Before is { } before)
        {
            var above = rows.Where(row => place(row).At > before.At || (place(row).At == before.At && place(row).Id > before.Id))
                .OrderBy(row => place(row).At).ThenBy(row => place(row).Id).Take(request.Size + 1).ToList();
            var upwards = Page.From(above, request.Size, place);
            return Task.FromResult(upwards with { Items = [.. upwards.Items.Reverse()] });
        }

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
