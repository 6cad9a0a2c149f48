using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Backtests;

/// <summary>Events that one condition kept from matching, with that condition, the oldest first.</summary>
public sealed partial class NearMisses
{
    /// <summary>How many there are; not all of them are named.</summary>
    [Parameter, EditorRequired]
    public required long Total { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<BacktestNearMiss> Rows { get; set; }

    [Parameter, EditorRequired]
    public required Func<long, string> Link { get; set; }

    /// <summary>Where all of them are listed; null where these are all that is wanted.</summary>
    [Parameter]
    public string? All { get; set; }

    private string Shown => Rows.Count < Total ? $"{Rows.Count} of {Format.Number(Total)}" : Format.Number(Total);
}
