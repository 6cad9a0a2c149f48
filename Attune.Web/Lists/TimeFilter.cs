using System.Globalization;
using Attune.Db.Values;
using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>A time window to list: the last so many hours, which moves along, or fixed ends. Addresses carry it, in UTC.</summary>
public sealed record TimeFilter : IPageFilter<TimeFilter>
{
    private static readonly TimeSpan LongestLast = TimeSpan.FromDays(365);

    public static TimeFilter Any { get; } = new();

    public static IReadOnlyList<TimeFilter> Presets { get; } =
    [
        Of(TimeSpan.FromMinutes(15)), Of(TimeSpan.FromHours(1)), Of(TimeSpan.FromHours(6)), Of(TimeSpan.FromHours(24)),
        Of(TimeSpan.FromDays(7)), Of(TimeSpan.FromDays(30)), Of(TimeSpan.FromDays(90)),
    ];

    /// <summary>Up to now; then neither end is set.</summary>
    public TimeSpan? Last { get; private init; }

    public DateTimeOffset? Since { get; private init; }

    public DateTimeOffset? Until { get; private init; }

    public bool IsAny => this == Any;

    /// <summary>False when nothing new can come into the range.</summary>
    public bool IsOpen => Until is null;

    /// <summary>The last so long, as an address carries it; such as <c>24h</c>.</summary>
    public string? LastText => Last switch
    {
        null => null,
        { } last when last.Ticks % TimeSpan.TicksPerDay == 0 && last > TimeSpan.FromDays(1) => Invariant($"{last.TotalDays:0}d"),
        { } last when last.Ticks % TimeSpan.TicksPerHour == 0 => Invariant($"{last.TotalHours:0}h"),
        { } last => Invariant($"{last.TotalMinutes:0}m"),
    };

    public static TimeFilter Of(TimeSpan last) => new() { Last = last };

    public static TimeFilter Between(DateTimeOffset? since, DateTimeOffset? until) =>
        new() { Since = since?.ToUniversalTime(), Until = until?.ToUniversalTime() };

    public static TimeFilter Parse(AddressQuery query)
    {
        var last = query.Read("range", ParseLast, "a time such as 15m, 6h or 30d, up to 365d");
        var since = query.Read("from", Instants.TryParse, Instants.Expected);
        var until = query.Read("to", Instants.TryParse, Instants.Expected);
        if (last is not null && (since ?? until) is not null)
        {
            query.Wrong("range", query.Text("range")!, "either range, or from and to");
        }
        else if (since >= until)
        {
            query.Wrong("to", query.Text("to")!, "a time later than from");
        }

        return last is { } time ? Of(time) : Between(since, until);
    }

    /// <summary>One of the ranges that a page offers, by its name in the address.</summary>
    /// <param name="query">The address; a range that is none of them is noted.</param>
    /// <param name="ranges">Those that there are.</param>
    /// <param name="usual">The one where the address names none.</param>
    public static TimeFilter ParseOneOf(AddressQuery query, IReadOnlyList<TimeFilter> ranges, TimeFilter usual)
    {
        if (query.Text("range") is not { } name)
        {
            return usual;
        }

        if (ranges.FirstOrDefault(known => known.LastText == name) is { } range)
        {
            return range;
        }

        query.Wrong("range", name, $"one of {string.Join(", ", ranges.Select(known => known.LastText))}");
        return usual;
    }

    public AddressQuery ToQuery() =>
        AddressQuery.Empty.With("range", LastText).With("from", Iso(Since)).With("to", Iso(Until));

    /// <summary>The ends as a filter takes them.</summary>
    public (DateTimeOffset? Since, DateTimeOffset? Until) Bounds(DateTimeOffset now) =>
        Last is { } last ? (now - last, null) : (Since, Until);

    public string Label(TimeZoneInfo zone) => this switch
    {
        { IsAny: true } => "Any time",
        { Last: { } last } => $"Last {Format.Words(last)}",
        { Since: { } since, Until: { } until } => $"{Short(since, zone)} – {Short(until, zone)}",
        { Since: { } since } => $"Since {Short(since, zone)}",
        _ => $"Until {Short(Until!.Value, zone)}",
    };

    private static string? Iso(DateTimeOffset? at) => at is { } instant ? Format.Iso(instant) : null;

    private static string Short(DateTimeOffset at, TimeZoneInfo zone) => Format.Instant(at, zone)[..16];

    private static TimeSpan? ParseLast(string text)
    {
        if (text.Length is < 2 or > 8
            || !int.TryParse(text.AsSpan(..^1), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
        {
            return null;
        }

        var last = text[^1] switch
        {
            'm' => TimeSpan.FromMinutes(count),
            'h' => TimeSpan.FromHours(count),
            'd' => TimeSpan.FromDays(count),
            _ => TimeSpan.Zero,
        };
        return last == TimeSpan.Zero || last > LongestLast ? null : last;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
