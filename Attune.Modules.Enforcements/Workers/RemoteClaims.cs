using Attune.Db;
using Attune.Modules.Enforcements.Executions;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>What a remote worker gets when it asks for executions.</summary>
internal sealed class RemoteClaims(RemoteWorkers workers, RemoteLeases leases, WaitingClaims waits)
{
    /// <summary>Leases executions to a worker, and waits for some where there are none. It counts as a heartbeat.</summary>
    /// <param name="id">The worker's id.</param>
    /// <param name="actions">The references of the actions that it can run; null for those that it registered with.</param>
    /// <param name="size">The most to take.</param>
    /// <param name="enough">Set when it is not to wait any longer.</param>
    /// <param name="gone">Set when the worker waits no more: what was leased to it meanwhile is requeued.</param>
    /// <returns>The executions, with the defaults of their actions filled in; empty when none came.</returns>
    /// <exception cref="RefusedException">There is no such worker, it is built into a host, or no action is named.</exception>
    public async Task<IReadOnlyList<ClaimedExecution>> ClaimAsync(
        long id, string[]? actions, int size, CancellationToken enough, CancellationToken gone)
    {
        var registered = await workers.SeenAsync(id, gone);
        var wanted = actions ?? registered;
        WorkerRegistration.CheckActions(wanted);
        if (wanted.Length == 0)
        {
            throw RefusedException.Invalid("actions", "actions must be given, here or when the worker is registered.");
        }

        // It is entered before it looks, so that nothing is missed that is requested from then on.
        using var waiting = waits.Enter(id, wanted, size);

        // Not given up half-way: nobody would know whether they are leased.
        var (_, claimed) = await leases.TakeAsync(id, wanted, size, CancellationToken.None);
        if (claimed.Count == 0 && !enough.IsCancellationRequested && !gone.IsCancellationRequested)
        {
            claimed = await waiting.WaitAsync(enough, gone);
        }

        if (claimed.Count > 0 && gone.IsCancellationRequested)
        {
            await leases.RequeueUndeliveredAsync(claimed);
        }

        gone.ThrowIfCancellationRequested();
        return claimed;
    }
}
