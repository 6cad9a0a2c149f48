using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Attune.Web.Layout;

/// <summary>The saved views, with their counts; read again when one is saved, and counted again when another page is opened.</summary>
public sealed partial class NavViews
{
    // The menu is for those that are looked at every day.
    private const int Most = 12;

    private IReadOnlyList<SavedView> _views = [];
    private Dictionary<long, string> _counts = [];

    [Inject]
    public required SavedViewList Views { get; init; }

    [Inject]
    public required IViewCounts Counts { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    protected override void OnInitialized()
    {
        Views.Changed += ReadAnew;
        Navigation.LocationChanged += CountAnew;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            await ReadAsync();
        }
    }

    protected override void Dispose(bool disposing)
    {
        Views.Changed -= ReadAnew;
        Navigation.LocationChanged -= CountAnew;
        base.Dispose(disposing);
    }

    private void ReadAnew() => _ = InvokeAsync(ReadAsync);

    private void CountAnew(object? sender, LocationChangedEventArgs location) => _ = InvokeAsync(CountAsync);

    private async Task ReadAsync()
    {
        try
        {
            _views = [.. (await Views.ReadAsync(Leaving)).Take(Most)];
            StateHasChanged();
            await CountAsync();
        }
        catch (Exception error) when (!Leaving.IsCancellationRequested)
        {
            await DispatchExceptionAsync(error);
        }
        catch (Exception)
        {
            // The reader has left.
        }
    }

    private async Task CountAsync()
    {
        var counts = new Dictionary<long, string>();
        foreach (var view in _views)
        {
            if (await Counts.CountAsync(view.Page, view.Query) is { } count)
            {
                counts[view.Id] = count;
            }
        }

        if (!Leaving.IsCancellationRequested)
        {
            _counts = counts;
            StateHasChanged();
        }
    }
}
