using Attune.Db.Changes;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Layout;

/// <summary>Says whether what is shown follows the database.</summary>
public sealed partial class LiveIndicator
{
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(1);

    private bool _connected = true;

    [Inject]
    public required ChangeHub Hub { get; init; }

    [Inject]
    public required TimeProvider Clock { get; init; }

    protected override void OnInitialized()
    {
        _connected = Hub.Connected;
        _ = WatchAsync(Leaving);
    }

    // The hub signals that it is back, but nobody can be signalled that it is away: so a look at a flag in memory now and then.
    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var timer = new PeriodicTimer(Glance, Clock);
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                if (_connected != Hub.Connected)
                {
                    _connected = Hub.Connected;
                    await InvokeAsync(StateHasChanged);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The reader has left.
        }
    }
}
