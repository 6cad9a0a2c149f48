using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>What a colour of a chart means, how many rows it stands for, and the list of these alone.</summary>
public sealed partial class HistogramKey
{
    [Parameter, EditorRequired]
    public required ChartSeries Series { get; set; }
}
