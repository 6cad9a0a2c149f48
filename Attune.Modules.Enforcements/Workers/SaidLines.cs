using Attune.Modules.Enforcements.Executions;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// Stores what one action says, without making it wait: what has come together about once a second, and the rest before the execution
/// ends.
/// </summary>
internal sealed partial class SaidLines(ExecutionLog log, ExecutionLease execution, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _closing = new();
    private List<SaidLine> _waiting = [];
    private Task _writing = Task.CompletedTask;
    private int _said;
    private bool _isWriting;
    private bool _isClosed;

    /// <summary>Takes a line; one that comes after the end, or after as many as are kept, counts for nothing.</summary>
    public void Say(ExecutionLineLevel level, string text)
    {
        lock (_gate)
        {
            if (_isClosed || _said == IExecutionLog.Most)
            {
                return;
            }

            _said++;
            _waiting.Add(SaidLine.Of(clock.GetUtcNow(), level, text));
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = Task.Run(WriteAsync, CancellationToken.None);
            }
        }
    }

    /// <summary>Stores what has been said, and takes no more.</summary>
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
        // What is said within a second is written at once: most actions are over by then.
        do
        {
            await Task.Delay(Between, clock, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        while (await WriteWaitingAsync());
    }

    private async Task<bool> WriteWaitingAsync()
    {
        List<SaidLine> lines;
        lock (_gate)
        {
            (lines, _waiting) = (_waiting, []);
            if (lines.Count == 0)
            {
                _isWriting = false;
                return false;
            }
        }

        try
        {
            await log.WriteAsync(execution, lines, CancellationToken.None);
        }
        catch (Exception error)
        {
            // No action fails because nobody can read what it says.
            Log.NotStored(logger, error, execution.Id);
        }

        return true;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "What execution {Execution} said could not be stored")]
        public static partial void NotStored(ILogger logger, Exception error, long execution);
    }
}
