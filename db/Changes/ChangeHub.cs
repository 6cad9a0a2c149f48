using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Attune.Db.Changes;

/// <summary>
/// Tells whoever subscribed in this process that rows were written, whichever host wrote them. A signal carries no data:
/// there is nothing to order, lose or leak, and a reader that gets one reads its rows again.
/// </summary>
public sealed class ChangeHub(TimeProvider clock, ILogger<ChangeHub> logger)
{
    private ImmutableArray<ChangeSubscription> _subscriptions = [];

    /// <summary>False while the listening connection is down; readers may say that what they show is not live.</summary>
    public bool Connected { get; private set; }

    /// <summary>
    /// Calls <paramref name="changed"/> soon after a change that <paramref name="concerns"/> accepts: never twice at once,
    /// at most once per <paramref name="interval"/>, and always once after the last change.
    /// </summary>
    /// <param name="concerns">Called for each change, on the listener's thread: quick, and without side effects.</param>
    /// <param name="changed">Called on a thread of the pool. What it throws is logged, and ends that call but not the subscription.</param>
    /// <param name="interval">The shortest time between two calls; the first one is made at once.</param>
    /// <returns>Dispose it to stop; a call under way is cancelled.</returns>
    public IDisposable Subscribe(Func<Change, bool> concerns, Func<CancellationToken, Task> changed, TimeSpan interval)
    {
        var subscription = new ChangeSubscription(concerns, changed, interval, clock, logger, gone =>
            ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Remove(one), gone));
        ImmutableInterlocked.Update(ref _subscriptions, static (all, one) => all.Add(one), subscription);
        return subscription;
    }

    /// <summary>Passes a change on to the subscribers it concerns.</summary>
    public void Publish(Change change)
    {
        foreach (var subscription in _subscriptions)
        {
            subscription.Signal(change);
        }
    }

    internal void SetConnected(bool connected)
    {
        Connected = connected;
        if (connected)
        {
            // What was sent while nobody listened is lost, so everything may have changed.
            Publish(Change.Anything);
        }
    }
}
