using Attune.Web.Shared;
using MudBlazor;

namespace Attune.Web.Layout;

/// <summary>A part of Attune that has a list of its own: an entry of the navigation, of the palette and of the shortcuts.</summary>
internal sealed record Destination(string Name, string Address, string Icon, char Key, string? Group = null)
{
    public static IReadOnlyList<Destination> All { get; } =
    [
        new("Overview", Urls.Home, Icons.Material.Outlined.SpaceDashboard, 'o'),
        new("Events", Urls.Events, Icons.Material.Outlined.Sensors, 'e', "Ledger"),
        new("Enforcements", Urls.Enforcements, Icons.Material.Outlined.Rule, 'n', "Ledger"),
        new("Executions", Urls.Executions, Icons.Material.Outlined.PlayCircle, 'x', "Ledger"),
        new("Rules", Urls.Rules, Icons.Material.Outlined.AccountTree, 'r', "Automation"),
        new("Triggers", Urls.Triggers, Icons.Material.Outlined.Bolt, 't', "Automation"),
        new("Workers", Urls.Workers, Icons.Material.Outlined.Memory, 'w', "Automation"),
        new("Actions", Urls.Actions, Icons.Material.Outlined.Terminal, 'a', "Setup"),
        new("Packs", Urls.Packs, Icons.Material.Outlined.Inventory2, 'p', "Setup"),
        new("Storage", Urls.Storage, Icons.Material.Outlined.Storage, 's', "Setup"),
    ];

    /// <summary>Where an address lies, and whether it is the list itself; null for a page that belongs to none.</summary>
    /// <param name="path">Relative to the base address.</param>
    public static (Destination Place, bool IsList)? Of(string path)
    {
        var end = path.IndexOfAny(['?', '#']);
        var parts = (end < 0 ? path : path[..end]).Trim('/').Split('/');
        var place = parts[0].Length == 0 ? All[0] : All.FirstOrDefault(place => place.Address == parts[0]);
        return place is null ? null : (place, parts.Length == 1);
    }
}
