using Microsoft.AspNetCore.Components;

namespace Attune.Web.Layout;

/// <summary>The shape of a page, until there is one.</summary>
public sealed partial class Opening
{
    [Inject]
    public required NavigationManager Navigation { get; init; }

    private (Destination Place, bool IsList)? Where => Destination.Of(Navigation.ToBaseRelativePath(Navigation.Uri));
}
