using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>Counts side by side, as high as the largest of them lets them be: a shape, and no chart to read numbers from.</summary>
public sealed partial class Sparkline
{
    private const double Slot = 4.4;
    private const double Tallest = 22;

    [Parameter, EditorRequired]
    public required IReadOnlyList<long> Counts { get; set; }

    /// <summary>What it shows, for those who do not see it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    private string Width => Text(Math.Max(Counts.Count, 1) * Slot);

    private static string X(int index) => Text((index * Slot) + .5);

    private string Y(long count) => Text(Tallest + 1 - Seen(count));

    private string Height(long count) => Text(Seen(count));

    // One among thousands is still seen.
    private double Seen(long count) => Math.Max(count / (double)Counts.Max() * Tallest, 2);

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
