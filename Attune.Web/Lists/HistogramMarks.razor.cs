using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>The marks above a chart; those that would cover each other are one, which leads to the last of them.</summary>
public sealed partial class HistogramMarks
{
    private const double Apart = 26;
    private const int MostSaid = 4;

    [Parameter, EditorRequired]
    public required HistogramDrawing Drawing { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<ChartMark> Marks { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    private IReadOnlyList<(double X, IReadOnlyList<ChartMark> Marks)> Placed
    {
        get
        {
            var placed = new List<(double X, List<ChartMark> Marks)>();
            foreach (var mark in Marks.OrderBy(mark => mark.At))
            {
                if (Drawing.X(mark.At) is not { } x)
                {
                    continue;
                }

                if (placed.Count > 0 && x - placed[^1].X < Apart)
                {
                    placed[^1].Marks.Add(mark);
                }
                else
                {
                    placed.Add((x, [mark]));
                }
            }

            return placed.ConvertAll(one => (one.X, (IReadOnlyList<ChartMark>)one.Marks));
        }
    }

    private string Text(IReadOnlyList<ChartMark> marks) =>
        string.Join("; ", marks.TakeLast(MostSaid).Select(mark => $"{BucketWords.Instant(mark.At, Browser.Zone)}: {mark.Text}"))
        + (marks.Count > MostSaid ? $"; {marks.Count - MostSaid} earlier" : "");
}
