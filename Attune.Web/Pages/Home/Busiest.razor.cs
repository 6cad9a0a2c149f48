using Attune.Modules.History;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>The triggers with the most events, and the rules with the most enforcements.</summary>
public sealed partial class Busiest
{
    private const int Most = 5;

    /// <summary>Null until they are read.</summary>
    [Parameter, EditorRequired]
    public required HomeFigures? Figures { get; set; }

    [Parameter, EditorRequired]
    public required TimeFilter Range { get; set; }

    private IReadOnlyList<RefVolume>? Triggers => Figures is null ? null : HomeFigures.Top(Figures.Events, Most);

    private IReadOnlyList<RefVolume>? Rules => Figures is null ? null : HomeFigures.Top(Figures.Enforcements, Most);
}
