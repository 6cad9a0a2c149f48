using Attune.Db;
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

    /// <summary>The address as it was read; <see cref="Understood"/> shows what was not understood of it.</summary>
    protected AddressQuery Query { get; private set; } = AddressQuery.Empty;

    /// <summary>The row after which the page begins; null for the newest ones, and always where it has no places.</summary>
    protected Cursor? After { get; private set; }

    /// <summary>Whether the address may say where in the list the page begins.</summary>
    protected virtual bool HasPlaces => false;

    /// <summary>How many filters are set.</summary>
    protected int Filters => Filter.ToQuery().Count;

    public override Task SetParametersAsync(ParameterView parameters)
    {
        _path = Path(Navigation.Uri);
        Query = AddressQuery.Of(Navigation.Uri);
        Filter = TFilter.Parse(Query);
        After = HasPlaces ? FilterPlace.Parse(Query) : null;
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
