using System.Globalization;
using System.Text;
using Attune.Web.Shared;

namespace Attune.Web.Lists;

/// <summary>Where everything of a chart stands, in pixels, and what is said of each bucket.</summary>
public sealed class HistogramDrawing
{
    /// <summary>The height of the bars' room.</summary>
    public const int Tall = 96;

    /// <summary>What is left at the right for the numbers of the scale.</summary>
    public const int Gutter = 44;

    /// <summary>What is left above for the highest number of the scale, and below for the axis.</summary>
    public const int Above = 8, Below = 20;

    private const double Narrowest = 24;
    private const int BetweenNames = 72;

    private readonly IReadOnlyList<DateTimeOffset> _edges;
    private readonly TimeZoneInfo _zone;
    private readonly string _noun;

    public HistogramDrawing(IReadOnlyList<DateTimeOffset> edges, IReadOnlyList<ChartSeries> series, int width, TimeZoneInfo zone, string noun)
    {
        (_edges, Series, Width, _zone, _noun) = (edges, series, width, zone, noun);
        Totals = [.. Enumerable.Range(0, Buckets).Select(bucket => series.Sum(one => one.Counts[bucket]))];
        Top = Scale(Totals.Count == 0 ? 0 : Totals.Max());
    }

    public IReadOnlyList<ChartSeries> Series { get; }

    public int Width { get; }

    public int Buckets => Math.Max(0, _edges.Count - 1);

    public IReadOnlyList<long> Totals { get; }

    /// <summary>The number at the top of the scale.</summary>
    public long Top { get; }

    public static int Height => Above + Tall + Below;

    public static int Foot => Above + Tall;

    private double Slot => (double)Math.Max(1, Width - Gutter) / Math.Max(1, Buckets);

    private double Gap => Slot >= 6 ? 2 : Slot >= 3 ? 1 : 0;

    /// <summary>The first round number that holds every bar and can be halved.</summary>
    public static long Scale(long most)
    {
        for (var power = 1L; ; power *= 10)
        {
            foreach (var step in (ReadOnlySpan<long>)[1, 2, 3, 4, 6, 8])
            {
                if (power * step >= most && power * step >= 4 && power * step % 2 == 0)
                {
                    return power * step;
                }
            }
        }
    }

    /// <summary>How many buckets fit, each wide enough to be pointed at.</summary>
    public static int Most(int width) => (int)Math.Clamp((width - Gutter) / Narrowest, 8, 60);

    public string X(int bucket) => Text(bucket * Slot);

    public string SlotWidth => Text(Slot);

    public static string At(double y) => Text(y);

    public double Y(long value) => Foot - ((double)value / Top * Tall);

    /// <summary>Where an instant stands; null where it is outside.</summary>
    public double? X(DateTimeOffset at)
    {
        if (Buckets == 0 || at < _edges[0] || at > _edges[^1])
        {
            return null;
        }

        var bucket = Math.Min(Buckets - 1, _edges.Skip(1).TakeWhile(edge => edge <= at).Count());
        var length = _edges[bucket + 1] - _edges[bucket];
        return (bucket + ((at - _edges[bucket]) / length)) * Slot;
    }

    public string Since(int bucket) => Format.Iso(_edges[bucket]);

    public string Until(int bucket) => Format.Iso(_edges[bucket + 1]);

    public TimeFilter Range(int bucket) => TimeFilter.Between(_edges[bucket], _edges[bucket + 1]);

    /// <summary>Both ends of a bucket, in words of the zone.</summary>
    public (string From, string To) Ends(int bucket) => (Words(_edges[bucket]), Words(_edges[bucket + 1]));

    /// <summary>The span of a bucket: <c>14:00–14:15</c>, <c>27 Nov</c>, <c>23–29 Nov</c>.</summary>
    public string Span(int bucket) => BucketWords.Span(_edges[bucket], _edges[bucket + 1], _zone, withDay: _edges[^1] - _edges[0] > TimeSpan.FromHours(24));

    /// <summary>What is said of a bucket: <c>14:00–14:15: 120 events, 4 failed</c>.</summary>
    public string Tip(int bucket)
    {
        var parts = Series.Where(one => one.Counts[bucket] > 0).Select(one => $"{Format.Number(one.Counts[bucket])} {Visible.Beginning(one.Name, 60)}");
        var told = Series.Count > 0 && Totals[bucket] > 0 ? $", {string.Join(", ", parts)}" : "";
        return $"{Span(bucket)}: {Format.Count(Totals[bucket], _noun)}{told}";
    }

    /// <summary>The bars of one series, as the path of an SVG.</summary>
    public string Path(int series)
    {
        var path = new StringBuilder();
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            if (Series[series].Counts[bucket] == 0)
            {
                continue;
            }

            var foot = Foot - Enumerable.Range(0, series).Sum(below => Tallness(below, bucket));
            var tall = Tallness(series, bucket);
            path.Append(CultureInfo.InvariantCulture, $"M{Text((bucket * Slot) + (Gap / 2))} {Text(foot - tall)}h{Text(Slot - Gap)}v{Text(tall)}h{Text(Gap - Slot)}z");
        }

        return path.ToString();
    }

    /// <summary>A line at the foot of every bucket, those without a bar too.</summary>
    public string Baseline()
    {
        var path = new StringBuilder();
        for (var bucket = 0; bucket < Buckets; bucket++)
        {
            path.Append(CultureInfo.InvariantCulture, $"M{Text((bucket * Slot) + (Gap / 2))} {Foot}h{Text(Slot - Gap)}v1h{Text(Gap - Slot)}z");
        }

        return path.ToString();
    }

    /// <summary>The names below the bars, not too close to each other.</summary>
    public IReadOnlyList<(string X, string Name)> Axis()
    {
        var every = Math.Max(1, (int)Math.Ceiling(BetweenNames / Slot));
        var names = new List<(string, string)>();

        // The first bucket may be cut off, and its beginning be at no round time.
        var first = Buckets > 2 ? 1 : 0;
        for (var bucket = first; bucket < Buckets && (bucket * Slot) + (BetweenNames / 2) < Width; bucket += every)
        {
            names.Add((Text(bucket * Slot), BucketWords.Beginning(_edges[bucket], _edges[bucket + 1], _zone)));
        }

        return names;
    }

    private string Words(DateTimeOffset at) => BucketWords.Instant(at, _zone);

    // A single row among thousands is still seen.
    private double Tallness(int series, int bucket) => Series[series].Counts[bucket] is > 0 and var count
        ? Math.Max((double)count / Top * Tall, 1.5)
        : 0;

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
