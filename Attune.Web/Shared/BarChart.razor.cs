using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>A bar of a chart.</summary>
public sealed record ChartBar
{
    public required long Value { get; init; }

    /// <summary>What it says when somebody points at it.</summary>
    public required string Tip { get; init; }

    /// <summary>Where it leads.</summary>
    public required string Href { get; init; }

    /// <summary>What stands below it; null for nothing.</summary>
    public string? Name { get; init; }

    /// <summary>Another number to compare the bar with, drawn as a line across it; null for none.</summary>
    public long? Mark { get; init; }
}

/// <summary>Bars side by side, each of which leads somewhere.</summary>
public sealed partial class BarChart
{
    private const int Slot = 10;
    private const int Gap = 2;
    private const int Tallest = 100;

    // The widest bar as a part of the chart: two days would otherwise be two walls.
    private const double Widest = .06;

    [Parameter, EditorRequired]
    public required IReadOnlyList<ChartBar> Bars { get; set; }

    /// <summary>What the chart shows, for those who do not see it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    private int Width => Math.Max(Bars.Count, 1) * Slot;

    private double BarWidth => Math.Min(Slot - Gap, Width * Widest);

    /// <summary>The height of the chart as a number: the first of 5, 10, 20, 50 … that holds every bar.</summary>
    private long Top => Scale(Bars.Count == 0 ? 0 : Bars.Max(bar => Math.Max(bar.Value, bar.Mark ?? 0)));

    private IEnumerable<long> Lines => Top % 2 == 0 ? [Top, Top / 2] : [Top];

    internal static long Scale(long most)
    {
        for (var power = 1L; ; power *= 10)
        {
            foreach (var step in (ReadOnlySpan<long>)[1, 2, 5])
            {
                if (power * step >= most && power * step >= 5)
                {
                    return power * step;
                }
            }
        }
    }

    private string X(int index) => Text((index * Slot) + ((Slot - BarWidth) / 2));

    private string MarkStart(int index) => Text((index * Slot) + ((Slot - BarWidth) / 2) - (BarWidth / 10));

    private string MarkEnd(int index) => Text((index * Slot) + ((Slot + BarWidth) / 2) + (BarWidth / 10));

    private string Place(int index) => $"left:{Text((index + .5) / Math.Max(Bars.Count, 1) * 100)}%";

    private double Share(long value) => (double)value / Top * Tallest;

    private string Y(long value) => Text(Tallest - Seen(value));

    private string Tall(long value) => Text(Seen(value));

    // A single row among thousands is still seen.
    private double Seen(long value) => value == 0 ? 0 : Math.Max(Share(value), 1.5);

    private string Height(long value) => $"top:{Text(Tallest - Share(value))}%";

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
