using System.Diagnostics.CodeAnalysis;

namespace Attune.Db;

/// <summary>
/// A dear read that many ask for: it is made once for all who wait, and kept for a while, a refusal as well. Nobody waits for another's
/// wait: whoever leaves just leaves, and the read ends when the last one has left.
/// </summary>
/// <typeparam name="T">What is read.</typeparam>
/// <param name="clock">Says how old it is.</param>
/// <param name="fresh">How long it is kept, from when it was begun.</param>
/// <param name="read">Reads it.</param>
public sealed class SharedRead<T>(TimeProvider clock, TimeSpan fresh, Func<CancellationToken, Task<T>> read)
{
    private readonly Lock _gate = new();
    private Reading? _current;

    /// <summary>What was read, or is read now.</summary>
    public async Task<T> GetAsync(CancellationToken cancellationToken)
    {
        Reading reading;
        lock (_gate)
        {
            if (_current is null || !_current.IsKept(clock.GetUtcNow() - fresh))
            {
                _current = new(read, clock.GetUtcNow());
            }

            reading = _current;
            reading.Waiting++;
        }

        try
        {
            return await reading.Task.WaitAsync(cancellationToken);
        }
        finally
        {
            lock (_gate)
            {
                reading.Waiting--;
                if (reading.Waiting == 0 && !reading.Task.IsCompleted)
                {
                    reading.Stop();
                    _current = _current == reading ? null : _current;
                }
            }
        }
    }

    [SuppressMessage("Design", "CA1001", Justification = "A source of cancellation without a timer has nothing to free.")]
    private sealed class Reading
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly DateTimeOffset _began;

        // Not on the thread of whoever asked first, which may be one that draws pages.
        public Reading(Func<CancellationToken, Task<T>> read, DateTimeOffset began) =>
            (_began, Task) = (began, System.Threading.Tasks.Task.Run(() => read(_stop.Token), CancellationToken.None));

        public Task<T> Task { get; }

        public int Waiting { get; set; }

        // What failed for want of the database may succeed at once.
        public bool IsKept(DateTimeOffset oldest) => !Task.IsCompleted
            || (_began > oldest && (Task.IsCompletedSuccessfully || Task.Exception?.InnerException is RefusedException));

        public void Stop() => _stop.Cancel();
    }
}
