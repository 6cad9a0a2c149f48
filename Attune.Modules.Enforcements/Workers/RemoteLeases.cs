using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using Attune.Db;
using Attune.Modules.Enforcements.Actions.Schemas;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Work;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>Leases executions to remote workers. One whose parameters are not those that its action takes fails at once.</summary>
internal sealed class RemoteLeases(ExecutionQueue queue, ExecutionFinisher finisher, TimeProvider clock)
{
    private const int SecretBytes = 16;

    // How far back each worker has looked. What is old is looked for when it asks for the first time, and once a day.
    private readonly ConcurrentDictionary<long, Lookback> _lookbacks = [];

    /// <summary>A text of 128 random bits.</summary>
    public static string NewSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>Leases executions of the last days, and where there are none, older ones now and then.</summary>
    public async Task<RemoteLease> TakeAsync(long worker, string[] actions, int size, CancellationToken cancellationToken)
    {
        var lookback = _lookbacks.GetOrAdd(worker, _ => new Lookback(clock));
        var claimed = await queue.ClaimAsync(worker, actions, lookback.Near, size, NewSecret, cancellationToken);
        if (claimed.Count == 0 && lookback.OldIsDue)
        {
            claimed = await queue.ClaimOldAsync(worker, actions, lookback.Near, size, NewSecret, cancellationToken);
            lookback.OldDone(claimed.Count > 0);
        }

        var (sound, unfit) = (new List<ClaimedExecution>(), new List<FinishedExecution>());
        foreach (var one in claimed)
        {
            try
            {
                sound.Add(one with { Config = ParameterSchema.Fit(one.ParamSchema, one.Config) });
            }
            catch (RefusedException refused)
            {
                unfit.Add(new(one, ExecutionStatus.Failed, ExecutionResult.Failed(refused.Message), MayRetry: false));
            }
        }

        await finisher.FinishAsync(unfit, cancellationToken);
        return new(claimed, sound);
    }

    /// <summary>Lets a worker that registered look for old executions again.</summary>
    public void Forget(long worker) => _lookbacks.TryRemove(worker, out _);

    /// <summary>Requeues what was leased to a worker that has closed its connection.</summary>
    public Task RequeueUndeliveredAsync(IReadOnlyList<ClaimedExecution> claimed) =>
        queue.RequeueAsync(claimed, "The worker did not wait for it.", lost: false, CancellationToken.None);
}

/// <summary>What a claim of a remote worker came to.</summary>
/// <param name="Claimed">The executions that were claimed, those included that failed at once.</param>
/// <param name="Sound">Those that the worker is to run, with the defaults of their actions filled in.</param>
internal readonly record struct RemoteLease(IReadOnlyList<ClaimedExecution> Claimed, IReadOnlyList<ClaimedExecution> Sound);
