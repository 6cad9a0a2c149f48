using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Layout;

/// <summary>The frame around every page.</summary>
public sealed partial class MainLayout
{
    private bool _ready;
    private string? _path;

    /// <summary>The page.</summary>
    [Parameter]
    public RenderFragment? Body { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Pages show instants in the reader's zone, which only the browser knows.
            await Browser.StartAsync(Assets, Leaving);
            _ready = true;
            StateHasChanged();
        }

        // Not FocusOnNavigate: it leaves out another row of the same page, and takes the focus from a field that somebody is already in.
        var path = Navigation.ToBaseRelativePath(Navigation.Uri).Split('?', '#')[0];
        if (_ready && _path is not null && _path != path)
        {
            await Browser.FocusHeadingAsync(Leaving);
        }

        _path = path;
    }
}
