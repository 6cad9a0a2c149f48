using System.Data.Common;
using Attune.Db.Changes;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace Attune.Web.Layout;

/// <summary>
/// Shows a failure of a page in its place. Another page, or the database coming back, gives the page another try. What went
/// wrong is in the log, not on the page.
/// </summary>
public sealed partial class PageErrorBoundary : IDisposable
{
    private IDisposable? _subscription;

    [Inject]
    public required ChangeHub Hub { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string Text => CurrentException is DbException { IsTransient: true } or TimeoutException or IOException
        ? "The database did not answer. The page comes back by itself when it does."
        : "Something went wrong that should not have. It has been logged.";

    public void Dispose()
    {
        Navigation.LocationChanged -= Elsewhere;
        _subscription?.Dispose();
    }

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += Elsewhere;

        // No single change matters here, only the signal that everything may have changed.
        _subscription = Hub.Subscribe(_ => false, _ => InvokeAsync(Again), TimeSpan.FromSeconds(1));
    }

    private void Elsewhere(object? sender, LocationChangedEventArgs location) => Again();

    private void Again()
    {
        if (CurrentException is not null)
        {
            Recover();
        }
    }
}
