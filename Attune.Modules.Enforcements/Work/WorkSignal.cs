using System.Threading.Channels;
using Attune.Db.Changes;

namespace Attune.Modules.Enforcements.Work;

/// <summary>
/// Wakes a loop that takes work from a table: soon after a row was written, and every so often without being told, because a
/// signal can be lost. A signal that comes while the loop is busy is kept.
/// </summary>
internal sealed class WorkSignal : IDisposable
{
    private static readonly TimeSpan Sweep = TimeSpan.FromSeconds(5);

    // While nobody tells.
    private static readonly TimeSpan SweepUntold = TimeSpan.FromMilliseconds(250);

    // What is written within it is taken together.
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly ChangeHub _hub;
    private readonly TimeProvider _clock;
    private readonly IDisposable _subscription;

    public WorkSignal(ChangeHub hub, Func<Change, bool> isWork, TimeProvider clock)
    {
        _hub = hub;
        _clock = clock;
        _subscription = hub.Subscribe(isWork, _ =>
        {
            Set();
            return Task.CompletedTask;
        }, Gather);
    }

    public void Set() => _signals.Writer.TryWrite(true);

    /// <summary>Returns after a signal, or when it is time to look without one.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => WaitAsync(null, cancellationToken);

    /// <summary>
    /// As <see cref="WaitAsync(CancellationToken)"/>, and when work is due that nobody will tell of, should there be any.
    /// </summary>
    public async Task WaitAsync(TimeSpan? due, CancellationToken cancellationToken)
    {
        var look = _hub.Connected ? Sweep : SweepUntold;
        using var sweep = new CancellationTokenSource(due < look ? due.Value : look, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(sweep.Token, cancellationToken);
        try
        {
            await _signals.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time to look.
        }
    }

    public void Dispose() => _subscription.Dispose();
}
