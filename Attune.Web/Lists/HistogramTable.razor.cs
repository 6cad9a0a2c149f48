using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>A chart as a table, newest first.</summary>
public sealed partial class HistogramTable
{
    [Parameter, EditorRequired]
    public required HistogramDrawing Drawing { get; set; }

    /// <summary>The list of one bucket.</summary>
    [Parameter, EditorRequired]
    public required Func<TimeFilter, string> LinkTo { get; set; }

    [Parameter, EditorRequired]
    public required string Caption { get; set; }

    private IEnumerable<ChartSeries> Series => Drawing.Series.Reverse();
}
