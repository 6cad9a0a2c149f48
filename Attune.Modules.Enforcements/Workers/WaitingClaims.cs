using Attune.Db.Changes;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Work;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// The claims that wait on this host. One loop looks for work for all of them, in the order in which they came, and wakes as many as
/// there is work for: where each looked for itself, 500 of them asked the database 500 times for every execution that was requested.
/// </summary>
internal sealed partial class WaitingClaims(
    RemoteLeases leases,
    RemoteWorkers workers,
    ExecutionQueue queue,
    WantedActions wanted,
    ChangeHub hub,
    IOptions<WorkersOptions> options,
    TimeProvider clock,
    ILogger<WaitingClaims> logger) : IDisposable
{
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _betweenHeartbeats = options.Value.LostAfter / 6;
    private readonly Lookback _lookback = new(clock);
    private readonly WorkSignal _signal = new(hub, wanted.IsRequested, clock);
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly LinkedList<WaitingClaim> _waiting = [];
    private bool _isLooking;
    private DateTimeOffset _nextHeartbeats;

    /// <summary>How many wait now.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Takes note of a claim, so that it is told of what is requested from now on.</summary>
    public WaitingClaim Enter(long worker, string[] actions, int size)
    {
        wanted.Add(actions);
        return new(this, worker, actions, size);
    }

    /// <summary>Looks for work for a claim from now on.</summary>
    public void Begin(WaitingClaim claim)
    {
        lock (_gate)
        {
            _waiting.AddLast(claim);
            if (!_isLooking)
            {
                _isLooking = true;
                _nextHeartbeats = clock.GetUtcNow() + _betweenHeartbeats;
                _ = Task.Run(LookAsync, CancellationToken.None);
            }
        }

        // Something may have been requested since it entered, or be due sooner than anything that the others wait for.
        _signal.Set();
    }

    /// <summary>Forgets a claim.</summary>
    public void Leave(WaitingClaim claim)
    {
        lock (_gate)
        {
            _waiting.Remove(claim);
        }

        wanted.Remove(claim.Actions);
    }

    public void Dispose()
    {
        _ended.Cancel();
        _signal.Dispose();
    }

    // Ends when nobody waits any more; the next to wait begins anew.
    private async Task LookAsync()
    {
        TimeSpan? due = null;
        while (true)
        {
            try
            {
                await _signal.WaitAsync(due, _ended.Token);
                if (Waiting() is not { Count: > 0 } waiting)
                {
                    return;
                }

                await SendHeartbeatsAsync(waiting, _ended.Token);
                due = await ServeAsync(waiting, _ended.Token);
            }
            catch (OperationCanceledException) when (_ended.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error)
            {
                // Whatever it was, they still wait.
                Log.Failed(logger, error);
                due = AfterFailure;
            }
        }
    }

    private List<WaitingClaim> Waiting()
    {
        lock (_gate)
        {
            _isLooking = _waiting.Count > 0;
            return [.. _waiting];
        }
    }

    // A worker that waits lives. One that was stopped meanwhile, or taken for lost, is answered and may ask again.
    private async Task SendHeartbeatsAsync(List<WaitingClaim> waiting, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() < _nextHeartbeats)
        {
            return;
        }

        var alive = await workers.SeenAsync([.. waiting.Select(claim => claim.Worker).Distinct()], cancellationToken);
        _nextHeartbeats = clock.GetUtcNow() + _betweenHeartbeats;
        waiting.FindAll(claim => !alive.Contains(claim.Worker)).ForEach(claim => claim.End());
    }

    /// <summary>Leases what is requested to those that wait for it, and answers when more of it is due that nobody will tell of.</summary>
    private async Task<TimeSpan?> ServeAsync(List<WaitingClaim> waiting, CancellationToken cancellationToken)
    {
        var requested = await queue.RequestedAsync(
            [.. waiting.SelectMany(claim => claim.Actions).Distinct(StringComparer.Ordinal)], _lookback.Near, cancellationToken);
        var due = requested.Where(action => action.Due > 0).ToDictionary(
            action => action.ActionRef, action => action.Due, StringComparer.Ordinal);
        foreach (var claim in waiting)
        {
            if (due.Count == 0)
            {
                break;
            }

            if (claim.Actions.Any(due.ContainsKey) && claim.TryServe())
            {
                await ServeAsync(claim, due, cancellationToken);
            }
        }

        return requested.Min(action => action.NextDue);
    }

    private async Task ServeAsync(WaitingClaim claim, Dictionary<string, long> due, CancellationToken cancellationToken)
    {
        IReadOnlyList<ClaimedExecution> sound = [];
        try
        {
            (var claimed, sound) = await leases.TakeAsync(claim.Worker, claim.Actions, claim.Size, CancellationToken.None);
            foreach (var taken in claimed)
            {
                due[taken.ActionRef] = due.GetValueOrDefault(taken.ActionRef) - 1;
            }

            // To a worker that is not active nothing is leased, whatever there is.
            var isActive = claimed.Count > 0 || (await workers.SeenAsync([claim.Worker], cancellationToken)).Contains(claim.Worker);
            if (!isActive)
            {
                claim.End();
            }

            foreach (var action in claim.Actions.Where(
                action => (isActive && claimed.Count < claim.Size) || due.GetValueOrDefault(action) <= 0))
            {
                due.Remove(action);
            }

            if (claimed.Count > sound.Count)
            {
                // Those failed at once: the claim may still wait, and more be due.
                _signal.Set();
            }
        }
        finally
        {
            claim.Served(sound);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error, Message = "Work could not be looked for that remote workers wait for; it is tried again in a second")]
        public static partial void Failed(ILogger logger, Exception error);
    }
}
