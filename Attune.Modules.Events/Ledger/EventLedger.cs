using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Attune.Modules.Events.Ledger;

/// <summary>
/// Group commit: callers queue, and a writer takes whatever waits and commits it at once. While one group is being committed
/// the next one gathers, so nobody waits for a timer, and the busier it is, the more share one commit.
/// </summary>
internal sealed class EventLedger : IEventLedger, IAsyncDisposable
{
    // While one group is being flushed to disk, the next can be copied.
    private const int Writers = 2;

    // Past this, callers wait for a place in the queue.
    private const int QueuedCalls = 10_000;

    private readonly int _maxBytes;
    private readonly IReadOnlyList<IAppendParticipant> _participants;
    private readonly Channel<AppendCall> _queue = Channel.CreateBounded<AppendCall>(QueuedCalls);
    private readonly Task[] _writers;

    public EventLedger(
        NpgsqlDataSource database,
        IEnumerable<IAppendParticipant> participants,
        IOptions<EventsOptions> options,
        TimeProvider clock,
        ILogger<EventLedger> logger)
    {
        _maxBytes = options.Value.MaxPayloadBytes;
        _participants = [.. participants];
        _writers = [.. Enumerable.Range(0, Writers).Select(
            _ => Task.Run(new LedgerWriter(_queue.Reader, database, _participants, clock, logger).RunAsync))];
    }

    public async Task<AppendedEvent> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
        (await QueueAsync([Entry.Of(newEvent, null, _maxBytes)], cancellationToken))[0];

    /// <summary>Writes an event that came with the body of a request, where its JSON was checked.</summary>
    public async Task<AppendedEvent> AppendBodyAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
        (await QueueAsync([Entry.OfBody(newEvent, _maxBytes)], cancellationToken))[0];

    public async Task<IReadOnlyList<AppendedEvent>> AppendAsync(IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken) =>
        newEvents.Count == 0
            ? []
            : await QueueAsync([.. newEvents.Select((given, i) => Entry.Of(given, i, _maxBytes))], cancellationToken);

    /// <summary>Takes no more calls, and finishes those that are queued.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await Task.WhenAll(_writers);
    }

    private async Task<IReadOnlyList<AppendedEvent>> QueueAsync(IReadOnlyList<Entry> entries, CancellationToken cancellationToken)
    {
        IReadOnlyList<NewEvent> events = entries.Count == 1 ? [entries[0].Given] : [.. entries.Select(entry => entry.Given)];
        var prepared = new object?[_participants.Count];
        while (true)
        {
            try
            {
                for (var i = 0; i < prepared.Length; i++)
                {
                    prepared[i] = await _participants[i].PrepareAsync(events, prepared[i], cancellationToken);
                }

                // What was prepared may not hold any more when the turn of the call comes, because a rule was changed meanwhile.
                if (await WriteAsync(new(entries, prepared), cancellationToken) is { } written)
                {
                    return written;
                }
            }
            finally
            {
                for (var i = 0; i < prepared.Length; i++)
                {
                    if (prepared[i] is { } kept)
                    {
                        _participants[i].Release(kept);
                    }
                }
            }
        }
    }

    private async Task<IReadOnlyList<AppendedEvent>?> WriteAsync(AppendCall call, CancellationToken cancellationToken)
    {
        try
        {
            await _queue.Writer.WriteAsync(call, cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(IEventLedger), "The ledger takes no more events: the host is stopping.");
        }

        return await call.AnswerAsync(cancellationToken);
    }
}
