using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Something that happened at an instant, drawn as a line through a chart.</summary>
public sealed record ChartMark
{
    public required DateTimeOffset At { get; init; }

    /// <summary>What happened, in a line.</summary>
    public required string Text { get; init; }

    /// <summary>Where it is shown in full.</summary>
    public required string Href { get; init; }
}

/// <summary>The picture of a histogram; what can be done with it is the matter of <see cref="LiveHistogram"/>.</summary>
public sealed partial class HistogramChart
{
    private readonly string _id = $"chart-{Guid.NewGuid():N}";

    [Parameter, EditorRequired]
    public required HistogramDrawing Drawing { get; set; }

    [Parameter]
    public IReadOnlyList<ChartMark> Marks { get; set; } = [];

    /// <summary>What is older was not counted; null when all was.</summary>
    [Parameter]
    public DateTimeOffset? CountedBackTo { get; set; }

    private IEnumerable<long> Lines => [Drawing.Top, Drawing.Top / 2];

    private string? UncountedWidth => CountedBackTo is { } at && Drawing.X(at) is { } x ? HistogramDrawing.At(x) : null;
}
