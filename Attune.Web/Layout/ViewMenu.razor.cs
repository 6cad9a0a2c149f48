using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Layout;

/// <summary>How the reader wants to see things. The browser remembers it. frame.js fills in the names of the zones.</summary>
public sealed partial class ViewMenu
{
    private static readonly (string Theme, string Name, string Icon)[] Themes =
    [
        ("light", "Light", Icons.Material.Outlined.LightMode),
        ("dark", "Dark", Icons.Material.Outlined.DarkMode),
        ("system", "Same as system", Icons.Material.Outlined.Contrast),
    ];

    private string? _unknown;

    /// <summary>What is on the page has to be drawn again.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    private bool IsUtc => Browser.ChosenZone?.Id == TimeZoneInfo.Utc.Id;

    private string? Other => _unknown ?? (IsUtc ? null : Browser.ChosenZone?.Id);

    private Task ThemeAsync(string theme) => Browser.ChooseThemeAsync(theme, Leaving);

    private Task OtherAsync(ChangeEventArgs change) =>
        change.Value is string { Length: > 0 } name ? ZoneAsync(name.Trim()) : ZoneAsync(null);

    private async Task ZoneAsync(string? name)
    {
        if (await Browser.ChooseZoneAsync(name, Leaving))
        {
            _unknown = null;
            await Changed.InvokeAsync();
        }
        else
        {
            _unknown = name;
        }
    }
}
