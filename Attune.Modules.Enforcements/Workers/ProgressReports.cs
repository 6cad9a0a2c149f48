using Attune.Modules.Enforcements.Executions;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// Stores what one action reports of its progress, without making it wait: the newest report about once a second, and the last one
/// before the execution ends.
/// </summary>
internal sealed partial class ProgressReports(ExecutionProgress progress, ExecutionLease execution, TimeProvider clock, ILogger logger)
    : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private ActionProgress? _waiting;
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>Takes a report; one that comes after the end counts for nothing.</summary>
    public void Report(ActionProgress report)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return;
            }

            _waiting = report;
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = Task.Run(WriteAsync, CancellationToken.None);
            }
        }
    }

    /// <summary>Stores what has been reported, and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        Task writing;
        lock (_gate)
        {
            _isClosed = true;
            writing = _writing;
        }

        await _closing.CancelAsync();
        await writing;
        _closing.Dispose();
    }

    private async Task WriteAsync()
    {
        while (Take() is { } report)
        {
            try
            {
                await progress.WriteAsync(execution, report.Percent, report.Text, CancellationToken.None);
            }
            catch (Exception error)
            {
                // No action fails because nobody can see how far it is.
                Log.NotStored(logger, error, execution.Id);
            }

            await Task.Delay(Between, clock, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private ActionProgress? Take()
    {
        lock (_gate)
        {
            var report = _waiting;
            _waiting = null;
            _isWriting = report is not null;
            return report;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The progress of execution {Execution} could not be stored")]
        public static partial void NotStored(ILogger logger, Exception error, long execution);
    }
}
