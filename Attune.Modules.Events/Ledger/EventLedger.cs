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
    private const int QueuedHeavyCalls = 100;

    // Such an event takes the server as long as hundreds of usual ones, and what rules leave for one may take it a second.
    private const long HeavyEventBytes = 128 * 1024;
    private const long HeavyPreparedBytes = 1024 * 1024;

    // A call that waits for a dear rule may take longer than a host should take to stop.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly int _maxBytes;
    private readonly TimeProvider _clock;
    private readonly IReadOnlyList<IAppendParticipant> _participants;
    private readonly Channel<AppendCall> _queue = Channel.CreateBounded<AppendCall>(QueuedCalls);
    private readonly Channel<AppendCall> _heavy = Channel.CreateBounded<AppendCall>(QueuedHeavyCalls);
    private readonly Task[] _writers;
    private long _light;
    private readonly CallCount _calls = new();

    public EventLedger(
        NpgsqlDataSource database,
        IEnumerable<IAppendParticipant> participants,
        IOptions<EventsOptions> options,
        TimeProvider clock,
        ILogger<EventLedger> logger)
    {
        _clock = clock;
        _maxBytes = options.Value.MaxPayloadBytes;
        _participants = [.. participants];
        _writers =
        [
            .. Enumerable.Range(0, Writers).Select(_ => Task.Run(Writer(_queue, null).RunAsync)),
            Task.Run(Writer(_heavy, () => Interlocked.Read(ref _light)).RunAsync),
        ];

        LedgerWriter Writer(Channel<AppendCall> queue, Func<long>? others) =>
            new(queue.Reader, database, _participants, others, clock, logger);
    }

    public async Task<AppendedEvent> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
        (await QueueAsync([Entry.Of(newEvent, null, _maxBytes)], cancellationToken))[0];

    /// <summary>Writes an event that came with the body of a request, where its JSON was checked.</summary>
    public async Task<AppendedEvent> AppendBodyAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
        (await QueueAsync([Entry.OfBody(newEvent, null, _maxBytes)], cancellationToken))[0];

    /// <summary>As <see cref="AppendBodyAsync(NewEvent, CancellationToken)"/>, for several events of one body: all or none.</summary>
    public async Task<IReadOnlyList<AppendedEvent>> AppendBodyAsync(
        IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken) =>
        newEvents.Count == 0
            ? []
            : await QueueAsync([.. newEvents.Select((given, i) => Entry.OfBody(given, i, _maxBytes))], cancellationToken);

    public async Task<IReadOnlyList<AppendedEvent>> AppendAsync(IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken) =>
        newEvents.Count == 0
            ? []
            : await QueueAsync([.. newEvents.Select((given, i) => Entry.Of(given, i, _maxBytes))], cancellationToken);

    /// <summary>Takes no more calls, and finishes those that are queued.</summary>
    public async ValueTask DisposeAsync()
    {
        await _calls.CloseAsync(Patience, _clock);
        _queue.Writer.TryComplete();
        _heavy.Writer.TryComplete();
        await Task.WhenAll(_writers);
    }

    private async Task<IReadOnlyList<AppendedEvent>> QueueAsync(IReadOnlyList<Entry> entries, CancellationToken cancellationToken)
    {
        if (!_calls.TryEnter())
        {
            throw Closed();
        }

        try
        {
            IReadOnlyList<NewEvent> events = entries.Count == 1 ? [entries[0].Given] : [.. entries.Select(entry => entry.Given)];
            var prepared = new object?[_participants.Count];

            // What was prepared may not hold any more when the turn of the call comes, because a rule was changed meanwhile.
            while (true)
            {
                if (await TryAsync(entries, events, prepared, cancellationToken) is { } written)
                {
                    return written;
                }
            }
        }
        finally
        {
            _calls.Leave();
        }
    }

    private async Task<IReadOnlyList<AppendedEvent>?> TryAsync(
        IReadOnlyList<Entry> entries, IReadOnlyList<NewEvent> events, object?[] prepared, CancellationToken cancellationToken)
    {
        var count = 0;
        try
        {
            for (; count < prepared.Length; count++)
            {
                prepared[count] = await _participants[count].PrepareAsync(events, prepared[count], cancellationToken);
            }

            return await WriteAsync(new(entries, prepared), cancellationToken);
        }
        finally
        {
            for (var i = 0; i < count; i++)
            {
                if (prepared[i] is { } kept)
                {
                    _participants[i].Release(kept);
                }
            }
        }
    }

    private async Task<IReadOnlyList<AppendedEvent>?> WriteAsync(AppendCall call, CancellationToken cancellationToken)
    {
        try
        {
            if (IsHeavy(call))
            {
                await _heavy.Writer.WriteAsync(call, cancellationToken);
            }
            else
            {
                Interlocked.Increment(ref _light);
                await _queue.Writer.WriteAsync(call, cancellationToken);
            }
        }
        catch (ChannelClosedException)
        {
            throw Closed();
        }

        return await call.AnswerAsync(cancellationToken);
    }

    // Those have a writer of their own, so that what others send does not wait for them.
    private bool IsHeavy(AppendCall call)
    {
        var bytes = 0L;
        for (var i = 0; i < _participants.Count; i++)
        {
            bytes += call.Prepared[i] is { } prepared ? _participants[i].BytesOf(prepared) : 0;
        }

        return bytes > HeavyPreparedBytes || call.Entries.Any(entry => entry.Bytes > HeavyEventBytes);
    }

    private static ObjectDisposedException Closed() =>
        new(nameof(IEventLedger), "The ledger takes no more events: the host is stopping.");
}
