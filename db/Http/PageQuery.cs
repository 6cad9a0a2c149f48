using System.Globalization;
using System.Numerics;
using System.Reflection;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;

namespace Attune.Db.Http;

/// <summary>
/// The paging of a list route, read from <c>page</c>, <c>per_page</c> (or <c>page_size</c>), <c>cursor</c> and
/// <c>include_total</c>. Numbers out of range are clamped, never refused, and the clamped values are the ones echoed.
/// </summary>
public sealed class PageQuery
{
    private PageQuery(int page, PageRequest request)
    {
        Page = page;
        Request = request;
    }

    public int Page { get; }

    public PageRequest Request { get; }

    /// <summary>Lets a route take a <see cref="PageQuery"/> as a parameter.</summary>
    /// <exception cref="RefusedException">A value is not a number, or the cursor is none that this list gave out.</exception>
    public static ValueTask<PageQuery?> BindAsync(HttpContext context, ParameterInfo _)
    {
        var query = context.Request.Query;
        var page = (int)Math.Clamp(Number(query, "page") ?? 1, 1, 1_000_000_000);
        var size = (int)Math.Clamp(Number(query, "per_page") ?? Number(query, "page_size") ?? 50, 1, PageRequest.MaxSize);
        var cursor = query["cursor"].ToString();
        Cursor? after = cursor.Length == 0
            ? null
            : Cursor.TryParse(cursor)
                ?? throw new RefusedException(RefusalKind.Malformed, "cursor", "cursor is not one that this list gave out.");
        return ValueTask.FromResult<PageQuery?>(new PageQuery(page, new PageRequest
        {
            Size = size,
            After = after,
            Offset = after is null ? (page - 1L) * size : 0,
            IncludeTotal = query["include_total"].ToString() is "true" or "1",
        }));
    }

    public Listing<T> Listing<T>(Page<T> page) => new(page.Items, new Pagination
    {
        Page = Page,
        PageSize = Request.Size,
        HasPrevious = Page > 1 || Request.After is not null,
        HasNext = page.Next is not null,
        NextCursor = page.Next?.ToString(),
        TotalItems = page.Total?.Items,
        TotalPages = page.Total is { } total ? (total.Items + Request.Size - 1) / Request.Size : null,
        TotalIsMinimum = page.Total?.IsMinimum,
    });

    private static long? Number(IQueryCollection query, string name)
    {
        var text = query[name].ToString();
        if (text.Length == 0)
        {
            return null;
        }

        if (BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
        {
            return (long)BigInteger.Clamp(number, long.MinValue, long.MaxValue);
        }

        throw new RefusedException(RefusalKind.Malformed, name, $"{name} must be a whole number, not '{StorableText.Excerpt(text)}'.");
    }
}
