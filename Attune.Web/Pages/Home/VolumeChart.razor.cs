using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>A bar for each hour; each leads to the rows of its hour.</summary>
public sealed partial class VolumeChart
{
    private const int HoursBetweenNames = 6;

    private IReadOnlyList<ChartBar> _shown = [];

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

    protected override void OnParametersSet() => _shown = [.. Bars.Select((bar, index) => new ChartBar
    {
        Value = bar.Value,
        Tip = Tip(bar),
        Href = Link(TimeFilter.Between(bar.Hour, bar.Hour.AddHours(1))),
        Name = index % HoursBetweenNames == 0 ? Format.Clock(bar.Hour, Browser.Zone) : null,
    })];

    private string Tip(HourlyBar bar) =>
        $"{Format.Clock(bar.Hour, Browser.Zone)} – {Format.Clock(bar.Hour.AddHours(1), Browser.Zone)}: {Format.Count(bar.Value, Noun)}";
}
