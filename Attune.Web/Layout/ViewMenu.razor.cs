using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Layout;

/// <summary>How the reader wants to see things. The browser remembers it.</summary>
public sealed partial class ViewMenu
{
    private static readonly (string Theme, string Name, string Icon)[] Themes =
    [
        ("light", "Light", Icons.Material.Outlined.LightMode),
        ("dark", "Dark", Icons.Material.Outlined.DarkMode),
        ("system", "Same as system", Icons.Material.Outlined.Contrast),
    ];

    /// <summary>What is on the page has to be drawn again.</summary>
    [Parameter]
    public EventCallback Changed { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    private static string? Chosen(bool chosen) => chosen ? "chosen" : null;

    private static string? Current(bool chosen) => chosen ? "true" : null;

    private Task ThemeAsync(string theme) => Browser.ChooseThemeAsync(theme, Leaving);

    private async Task UtcAsync(bool utc)
    {
        await Browser.ShowUtcAsync(utc, Leaving);
        await Changed.InvokeAsync();
    }
}
