using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Attune.Db;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Pins;

/// <summary>Takes copies of pinned events, and says when the next one is due.</summary>
[SuppressMessage("Design", "CA1001", Justification = "One for the process; a semaphore without a wait handle has nothing to free.")]
internal sealed class PinCopies(NpgsqlDataSource database, IEventBundles? bundles = null)
{
    // Each may take some megabytes of memory until it is stored.
    private const int MostAtOnce = 2;

    // An execution can be run again, and an event sent again, long after everything was over: the last copy has that as well.
    private static readonly TimeSpan LastCopy = TimeSpan.FromDays(2);

    // Rows are dropped in several steps: a copy that is taken meanwhile would have less than the one before it.
    private static readonly TimeSpan TooLate = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(1);

    private readonly SemaphoreSlim _turns = new(MostAtOnce, MostAtOnce);

    /// <exception cref="RefusedException">The copy is too large.</exception>
    public async Task<PinCopy> TakeAsync(Event found, CancellationToken cancellationToken)
    {
        var maker = bundles ?? throw new NotSupportedException("Events can be pinned where IEventBundles is registered.");
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await TakeAsync(found, maker, cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>When a copy is to be taken again: soon while something is under way, ever more seldom, and at the end once more.</summary>
    /// <param name="now">When the last one was taken.</param>
    /// <param name="created">When the event was written.</param>
    /// <param name="dropped">From when on its rows can be dropped.</param>
    /// <param name="isComplete">Whether all was over.</param>
    /// <returns>Null when the last copy was the last one.</returns>
    internal static DateTimeOffset? NextCopy(DateTimeOffset now, DateTimeOffset created, DateTimeOffset dropped, bool isComplete)
    {
        var age = now - created;
        var pause = age / 10 < ShortestPause ? ShortestPause : age / 10 > LongestPause ? LongestPause : age / 10;
        var next = isComplete ? dropped - LastCopy : now + pause;
        return next > now && next < dropped - TooLate ? next : null;
    }

    private async Task<PinCopy> TakeAsync(Event found, IEventBundles maker, CancellationToken cancellationToken)
    {
        var (began, dropped) = await LimitsAsync(found.Created, cancellationToken);
        await using var buffer = new BoundedBuffer(IPinnedEvents.MostBytes);
        var isComplete = await maker.CopyAsync(found, buffer, cancellationToken);
        return new()
        {
            Text = Encoding.UTF8.GetString(buffer.GetBuffer().AsSpan(0, (int)buffer.Length)),
            Bytes = (int)buffer.Length,
            IsComplete = isComplete,
            Began = began,
            Next = NextCopy(began, found.Created, dropped, isComplete),
            IsInTime = began < dropped - TooLate,
        };
    }

    // A part of a table goes when its newest row could: no row of a lineage is dropped before the shortest of these.
    private async Task<(DateTimeOffset Now, DateTimeOffset Dropped)> LimitsAsync(DateTimeOffset created, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT clock_timestamp() AS now, @created + min(keep) AS dropped
              FROM time_table
             WHERE table_name IN ('event', 'enforcement', 'execution', 'execution_history')
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleAsync<(DateTimeOffset, DateTimeOffset)>(
            new CommandDefinition(sql, new { created }, cancellationToken: cancellationToken));
    }

    // What is written beyond the bound is refused while it is written, so that no copy takes more memory.
    private sealed class BoundedBuffer(int most) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            Check(count);
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Check(buffer.Length);
            base.Write(buffer);
        }

        private void Check(int count)
        {
            if (Position + count > most)
            {
                throw new RefusedException(RefusalKind.TooLarge, null, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The event with all that came of it takes more than {most / (1024 * 1024)} MiB: that is the most that a pin keeps."));
            }
        }
    }
}

/// <summary>A copy of an event with all that came of it.</summary>
internal sealed record PinCopy
{
    public required string Text { get; init; }
    public required int Bytes { get; init; }
    public required bool IsComplete { get; init; }

    /// <summary>By the clock of the database.</summary>
    public required DateTimeOffset Began { get; init; }

    public required DateTimeOffset? Next { get; init; }

    /// <summary>False when rows of it may have been dropped already.</summary>
    public required bool IsInTime { get; init; }
}
