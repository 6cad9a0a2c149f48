using Microsoft.Extensions.Logging;

namespace Attune.Db.Changes;

/// <summary>One subscriber: gathers signals, and calls back one at a time.</summary>
internal sealed partial class ChangeSubscription : IDisposable
{
    private readonly Func<Change, bool> _concerns;
    private readonly Func<CancellationToken, Task> _changed;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly Action<ChangeSubscription> _gone;
    private readonly CancellationTokenSource _ended = new();
    private readonly SemaphoreSlim _signalled = new(0, 1);
    private readonly Lock _gate = new();

    public ChangeSubscription(
        Func<Change, bool> concerns,
        Func<CancellationToken, Task> changed,
        TimeSpan interval,
        TimeProvider clock,
        ILogger logger,
        Action<ChangeSubscription> gone)
    {
        _concerns = concerns;
        _changed = changed;
        _interval = interval;
        _clock = clock;
        _logger = logger;
        _gone = gone;
        _ = Task.Run(() => RunAsync(_ended.Token));
    }

    public void Signal(Change change)
    {
        if (ReferenceEquals(change, Change.Anything) || _concerns(change))
        {
            lock (_gate)
            {
                if (_signalled.CurrentCount == 0)
                {
                    _signalled.Release();
                }
            }
        }
    }

    public void Dispose()
    {
        _gone(this);
        _ended.Cancel();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await _signalled.WaitAsync(cancellationToken);
                await CallAsync(cancellationToken);
                await Task.Delay(_interval, _clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Disposed: nobody is left to call.
        }
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _changed(cancellationToken);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Log.ReaderFailed(_logger, error);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "A reader of changes failed; it is called again at the next change")]
        public static partial void ReaderFailed(ILogger logger, Exception error);
    }
}
