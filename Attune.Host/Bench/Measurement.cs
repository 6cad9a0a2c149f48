using System.Diagnostics;
using System.Globalization;

namespace Attune.Host.Bench;

/// <summary>One row of the bench: a figure beside its reference from the same run.</summary>
internal sealed record Measurement
{
    public required string Name { get; init; }

    /// <summary>The figure, with its unit.</summary>
    public required string Figure { get; init; }

    /// <summary>What it was measured against, with its unit.</summary>
    public required string Reference { get; init; }

    /// <summary>Figure to reference, in the direction that <see cref="Budget"/> speaks of.</summary>
    public required double Ratio { get; init; }

    /// <summary>The ratio that Attune is held to, in words.</summary>
    public required string Budget { get; init; }

    public required bool Met { get; init; }
}

/// <summary>Ways of timing.</summary>
internal static class Timing
{
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length % 2 == 1
            ? sorted[sorted.Length / 2]
            : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>How long one call takes, in milliseconds.</summary>
    public static async Task<double> MillisecondsAsync(Func<Task> call)
    {
        var started = Stopwatch.GetTimestamp();
        await call();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    /// <summary>The median of several calls, in milliseconds, after some that warm up.</summary>
    public static async Task<double> MedianAsync(int times, Func<int, Task> call)
    {
        for (var warm = 0; warm < 5; warm++)
        {
            await call(warm);
        }

        var taken = new double[times];
        for (var i = 0; i < times; i++)
        {
            var turn = i;
            taken[i] = await MillisecondsAsync(() => call(turn));
        }

        return Median(taken);
    }

    public static string PerSecond(double rate) => rate.ToString("N0", CultureInfo.InvariantCulture) + "/s";

    public static string Milliseconds(double time) => time.ToString("N2", CultureInfo.InvariantCulture) + " ms";
}
