using System.Globalization;
using System.Text;
using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Events;

/// <summary>Where numbers stand over time. It is drawn stretched to the room there is, so it has no unit.</summary>
public sealed class PathPlot
{
    public const string ViewBox = "0 0 1000 100";

    /// <summary>Lines at the greatest number, in the middle and at the least one.</summary>
    public const string Frame = "M0 4H1000M0 50H1000M0 96H1000";

    private const double Wide = 1000, Above = 4, Tall = 92;

    // So many means of the time between the first and the last.
    private const int Means = 48;

    private readonly TimeSpan _time;

    private PathPlot(IReadOnlyList<PathPoint> points)
    {
        (Since, Until) = (points.Min(point => point.Created), points.Max(point => point.Created));
        (Least, Most) = (points.Min(point => point.Value), points.Max(point => point.Value));
        _time = Until - Since;
        Dots = string.Concat(points.Select(point => $"M{Text(X(point))} {Text(Y(point.Value))}h0"));
        Line = MeansOf(points);
    }

    public DateTimeOffset Since { get; }

    public DateTimeOffset Until { get; }

    public double Least { get; }

    public double Most { get; }

    /// <summary>A dot for each number, as the path of an SVG.</summary>
    public string Dots { get; }

    /// <summary>A line through the means.</summary>
    public string Line { get; }

    /// <summary>The plot of some numbers; null for none.</summary>
    public static PathPlot? Of(IReadOnlyList<PathPoint> points) => points.Count == 0 ? null : new(points);

    private string MeansOf(IReadOnlyList<PathPoint> points)
    {
        var path = new StringBuilder();
        foreach (var part in points.GroupBy(point => Math.Min(Means - 1, (int)(X(point) / Wide * Means))).OrderBy(part => part.Key))
        {
            path.Append(path.Length == 0 ? 'M' : 'L').Append(Text(part.Average(X))).Append(' ').Append(Text(part.Average(point => Y(point.Value))));
        }

        return path.ToString();
    }

    // One instant, or one number, stands in the middle.
    private double X(PathPoint point) => _time == TimeSpan.Zero ? Wide / 2 : (point.Created - Since) / _time * Wide;

    // Halved first: the distance of two large numbers may be no number.
    private double Y(double value) =>
        Above + (Tall * (Least >= Most ? 0.5 : 1 - (((value / 2) - (Least / 2)) / ((Most / 2) - (Least / 2)))));

    private static string Text(double number) => number.ToString("0.##", CultureInfo.InvariantCulture);
}
