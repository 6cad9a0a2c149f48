using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Attune.Db;

/// <summary>Which part of a newest-first list to read.</summary>
public sealed record PageRequest
{
    public const int MaxSize = 100;

    /// <summary>Rows a page, clamped to 1 … <see cref="MaxSize"/>.</summary>
    public int Size { get => field; init => field = Math.Clamp(value, 1, MaxSize); } = 50;

    /// <summary>The row to continue after; null starts with the newest row.</summary>
    public Cursor? After { get; init; }

    /// <summary>
    /// Reads upwards instead, from the row above this one; the page has its rows newest first all the same, and its <c>Next</c> is where
    /// the one above it begins. Not beside <see cref="After"/>, and for events, enforcements and executions only.
    /// </summary>
    public Cursor? Before { get; init; }

    /// <summary>The row that the page begins at, in either direction; null at the newest row.</summary>
    public Cursor? Edge => After ?? Before;

    /// <summary>Rows to skip, for clients that ask for a page by its number. A cursor is the quick way.</summary>
    public long Offset { get => field; init => field = Math.Max(0, value); }

    /// <summary>Rows to skip in a list that is not ordered by time: its cursors carry a place in the list, not a row.</summary>
    public long Place => After?.Id ?? Offset;

    /// <summary>The order in which a statement reads the page's rows.</summary>
    /// <param name="created">The column of when a row was made.</param>
    /// <param name="id">The column of its id.</param>
    public string Order(string created = "created", string id = "id") => Before is null ? $"{created} DESC, {id} DESC" : $"{created}, {id}";

    /// <summary>
    /// Where the page begins (<see cref="Edge"/>, as <c>@At</c> and <c>@Id</c>), for <see cref="Where.All"/>. A row comparison orders
    /// correctly but prunes no partition; the plain bound beside it does.
    /// </summary>
    /// <param name="created">The column of when a row was made.</param>
    /// <param name="id">The column of its id.</param>
    public (bool Applies, string Condition) Begins(string created = "created", string id = "id") => Before is null
        ? (After is not null, $"{created} <= @At AND ({created}, {id}) < (@At, @Id)")
        : (true, $"{created} >= @At AND ({created}, {id}) > (@At, @Id)");

    /// <summary>The end of a list's statement. A number is planned better than a parameter, and a page has few sizes.</summary>
    /// <param name="limit">Rows to read.</param>
    public string Limit(int limit) => Offset == 0
        ? string.Create(CultureInfo.InvariantCulture, $"LIMIT {limit}")
        : string.Create(CultureInfo.InvariantCulture, $"LIMIT {limit} OFFSET {Offset}");

    /// <summary>Count the rows as well, up to <see cref="Total.CountedAtMost"/>.</summary>
    public bool IncludeTotal { get; init; }
}

/// <summary>One page of a newest-first list, and where the next one starts.</summary>
public sealed record Page<T>(IReadOnlyList<T> Items, Cursor? Next, Total? Total = null);

/// <summary>Makes a page of the rows read, one more than asked for telling that there is a next page.</summary>
public static class Page
{
    /// <summary>A page of a short list that is not ordered by time: its rows were read from <see cref="PageRequest.Place"/> on.</summary>
    public static Page<T> FromPlace<T>(IReadOnlyList<T> rows, PageRequest page, Total? total = null) =>
        From(rows, page.Size, _ => new Cursor(DateTimeOffset.UnixEpoch, page.Place + page.Size), total);

    /// <summary>A page whose rows were read in the order of its request.</summary>
    public static Page<T> From<T>(IReadOnlyList<T> rows, PageRequest request, Total? total = null) where T : IKeysetRow
    {
        var page = From(rows, request.Size, total);
        return request.Before is null ? page : page with { Items = [.. page.Items.Reverse()] };
    }

    public static Page<T> From<T>(IReadOnlyList<T> rows, int size, Total? total = null) where T : IKeysetRow =>
        From(rows, size, row => new Cursor(row.Created, row.Id), total);

    public static Page<T> From<T>(IReadOnlyList<T> rows, int size, Func<T, Cursor> cursor, Total? total = null) =>
        rows.Count > size
            ? new(rows.Take(size).ToList(), cursor(rows[size - 1]), total)
            : new(rows, null, total);
}

/// <summary>How many rows a list has. Counting stops at <see cref="CountedAtMost"/>: no list ever counts millions of rows.</summary>
/// <param name="Items">The number of rows, or the number at which counting stopped.</param>
/// <param name="IsMinimum">True where there are more rows than <paramref name="Items"/>.</param>
public readonly record struct Total(long Items, bool IsMinimum)
{
    public const int CountedAtMost = 10_000;

    public static Total Of(long counted) =>
        counted > CountedAtMost ? new(CountedAtMost, IsMinimum: true) : new(counted, IsMinimum: false);
}

/// <summary>A row of a list that is ordered by when its rows were made, and by their ids within the same instant.</summary>
public interface IKeysetRow
{
    long Id { get; }

    DateTimeOffset Created { get; }
}

/// <summary>The last row of a page: rows are ordered by time, then by id within the same instant.</summary>
public readonly record struct Cursor(DateTimeOffset At, long Id)
{
    /// <summary>The cursor as an address carries it; opaque to clients.</summary>
    public override string ToString() => Base64Url.EncodeToString(
        Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{At.UtcTicks}.{Id}")));

    /// <summary>Reads what <see cref="ToString"/> wrote; null when <paramref name="text"/> is no cursor.</summary>
    public static Cursor? TryParse(string? text)
    {
        Span<byte> bytes = stackalloc byte[64];
        if (string.IsNullOrEmpty(text) || text.Length > 80
            || !Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.ASCII.GetString(bytes[..length]).Split('.');
        return parts.Length == 2
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
            && ticks <= DateTimeOffset.MaxValue.UtcTicks
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? new Cursor(new DateTimeOffset(ticks, TimeSpan.Zero), id)
            : null;
    }
}
