using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Attune.Web.Lists;

/// <summary>A page whose filter stands in its address: it is read when the page opens, and again whenever the address changes.</summary>
public abstract class FilteredPage<TFilter> : CancellableComponent where TFilter : IPageFilter<TFilter>
{
    private string _path = "";

    [Inject]
    public required NavigationManager Navigation { get; init; }

    /// <summary>What the address says now.</summary>
    protected TFilter Filter { get; private set; } = default!;

    /// <summary>How many filters are set.</summary>
    protected int Filters => Filter.ToQuery().Count;

    public override Task SetParametersAsync(ParameterView parameters)
    {
        _path = Path(Navigation.Uri);
        Filter = TFilter.Parse(AddressQuery.Of(Navigation.Uri));
        return base.SetParametersAsync(parameters);
    }

    protected override void OnInitialized() => Navigation.LocationChanged += AddressChanged;

    protected override void Dispose(bool disposing)
    {
        Navigation.LocationChanged -= AddressChanged;
        base.Dispose(disposing);
    }

    private static string Path(string address) => address.Split('?', '#')[0];

    // The router draws a page again for another path, but not for another query.
    private void AddressChanged(object? sender, LocationChangedEventArgs location)
    {
        if (Path(location.Location) == _path)
        {
            _ = InvokeAsync(FollowAsync);
        }
    }

    private async Task FollowAsync()
    {
        try
        {
            await SetParametersAsync(ParameterView.Empty);
        }
        catch (Exception error) when (!Leaving.IsCancellationRequested)
        {
            await DispatchExceptionAsync(error);
        }
    }
}
