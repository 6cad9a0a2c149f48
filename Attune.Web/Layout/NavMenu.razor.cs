using Attune.Web.Shared;
using Microsoft.AspNetCore.Components.Routing;

namespace Attune.Web.Layout;

/// <summary>The pages, by what they are about. The one that is open, or that the open one belongs to, is marked.</summary>
public sealed partial class NavMenu
{
    private static NavLinkMatch Match(Destination place) => place.Address == Urls.Home ? NavLinkMatch.All : NavLinkMatch.Prefix;
}
