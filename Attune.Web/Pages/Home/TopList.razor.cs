using Attune.Modules.History;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>References with their numbers, the largest first, each with a bar as long as its share of it.</summary>
public sealed partial class TopList
{
    /// <summary>Null until they are read.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<RefVolume>? Rows { get; set; }

    [Parameter, EditorRequired]
    public required Func<string, string> Link { get; set; }

    [Parameter]
    public string None { get; set; } = "Nothing";

    private string Share(RefVolume row) =>
        FormattableString.Invariant($"--share:{100.0 * row.Value / Math.Max(1, Rows![0].Value):0.#}%");
}
