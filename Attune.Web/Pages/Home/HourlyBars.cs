using Attune.Modules.History;

namespace Attune.Web.Pages.Home;

/// <summary>A number for an hour, zero included.</summary>
public readonly record struct HourlyBar(DateTimeOffset Hour, long Value);

/// <summary>The last 24 hours of a volume, without gaps.</summary>
public static class HourlyBars
{
    public const int Hours = 24;

    /// <summary>The half-open range of whole hours that ends with the present one.</summary>
    public static (DateTimeOffset Since, DateTimeOffset Until) Range(DateTimeOffset now)
    {
        var until = new DateTimeOffset(now.UtcDateTime.Date.AddHours(now.UtcDateTime.Hour + 1), TimeSpan.Zero);
        return (until.AddHours(-Hours), until);
    }

    /// <summary>A bar for every hour of the range, where the view has rows only for hours in which something happened.</summary>
    public static IReadOnlyList<HourlyBar> Fill(IReadOnlyList<VolumePoint> points, DateTimeOffset since, DateTimeOffset until)
    {
        var counted = points.GroupBy(point => point.Bucket.ToUniversalTime())
            .ToDictionary(hour => hour.Key, hour => hour.Sum(point => point.Value));
        var bars = new List<HourlyBar>();
        for (var hour = since.ToUniversalTime(); hour < until; hour = hour.AddHours(1))
        {
            bars.Add(new(hour, counted.GetValueOrDefault(hour)));
        }

        return bars;
    }
}
