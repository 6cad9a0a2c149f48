using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Layout;

/// <summary>The frame around every page.</summary>
public sealed partial class MainLayout
{
    private bool _ready;

    /// <summary>The page.</summary>
    [Parameter]
    public RenderFragment? Body { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Pages show instants in the reader's zone, which only the browser knows.
            await Browser.StartAsync(Assets[Browser.Script], Leaving);
            _ready = true;
            StateHasChanged();
        }
    }
}
