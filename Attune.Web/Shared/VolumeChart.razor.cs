using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>A bar for each hour; each leads to the rows of its hour.</summary>
public sealed partial class VolumeChart
{
    private const int Slot = 10;
    private const int Gap = 2;
    private const int Tallest = 100;

    [Parameter, EditorRequired]
    public required IReadOnlyList<HourlyBar> Bars { get; set; }

    /// <summary>What is counted, in the singular.</summary>
    [Parameter, EditorRequired]
    public required string Noun { get; set; }

    /// <summary>The list of what is counted within a range.</summary>
    [Parameter, EditorRequired]
    public required Func<TimeFilter, string> Link { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    private static int BarWidth => Slot - Gap;

    private int Width => Bars.Count * Slot;

    /// <summary>The height of the chart as a number: the first of 5, 10, 20, 50 … that holds every bar.</summary>
    private long Top => Scale(Bars.Count == 0 ? 0 : Bars.Max(bar => bar.Value));

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

    private static int X(int index) => (index * Slot) + (Gap / 2);

    private double Share(long value) => (double)value / Top * Tallest;

    private string Y(long value) => Text(Tallest - Seen(value));

    private string Tall(long value) => Text(Seen(value));

    // A single row among thousands is still seen.
    private double Seen(long value) => value == 0 ? 0 : Math.Max(Share(value), 1.5);

    private string Height(long value) => $"top:{Text(Tallest - Share(value))}%";

    private string Href(HourlyBar bar) => Link(TimeFilter.Between(bar.Hour, bar.Hour.AddHours(1)));

    private string Tip(HourlyBar bar) =>
        $"{Format.Clock(bar.Hour, Browser.Zone)} – {Format.Clock(bar.Hour.AddHours(1), Browser.Zone)}: {Format.Count(bar.Value, Noun)}";

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
