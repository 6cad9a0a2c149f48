using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Layout;

/// <summary>The frame around every page.</summary>
public sealed partial class MainLayout : IDisposable
{
    private readonly CancellationTokenSource _leaving = new();
    private bool _drawer = true;
    private bool _ready;

    [Inject]
    public required Browser Browser { get; init; }

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            // Pages show instants in the reader's zone, which only the browser knows.
            await Browser.StartAsync(_leaving.Token);
            _ready = true;
            StateHasChanged();
        }
    }

    private void ToggleDrawer() => _drawer = !_drawer;
}
