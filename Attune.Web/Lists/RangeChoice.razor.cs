using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>Ranges side by side; another one, chosen in the chart or in the address, is named beside them.</summary>
public sealed partial class RangeChoice
{
    [Parameter, EditorRequired]
    public required TimeFilter Value { get; set; }

    [Parameter, EditorRequired]
    public required Func<TimeFilter, string> LinkTo { get; set; }

    [Parameter]
    public IReadOnlyList<TimeFilter> Choices { get; set; } = ChartRange.Choices;

    [Inject]
    public required Browser Browser { get; init; }
}
