using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>
/// Keeps events beyond retention. A pin holds a copy of the event with all that came of it and why (<see cref="IEventBundles"/>), since
/// its rows are dropped with their day. While something of it is under way the copy is taken again, and once more shortly before the rows
/// can go.
/// </summary>
public interface IPinnedEvents
{
    /// <summary>The most events that may be pinned.</summary>
    const int Most = 2_000;

    /// <summary>The largest copy, in bytes.</summary>
    const int MostBytes = 4 * 1024 * 1024;

    /// <summary>The longest note, in characters.</summary>
    const int LongestNote = 500;

    /// <summary>Pinned events, the newest pin first.</summary>
    Task<Page<PinnedEventSummary>> ListAsync(PageRequest page, CancellationToken cancellationToken);

    /// <summary>How many events are pinned, and how much their copies come to.</summary>
    Task<PinTotals> TotalsAsync(CancellationToken cancellationToken);

    /// <summary>The pin of an event, without its copy; null when it is not pinned.</summary>
    Task<PinnedEventSummary?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>The pin of an event, with its copy; null when it is not pinned.</summary>
    Task<PinnedEvent?> ReadAsync(long id, CancellationToken cancellationToken);

    /// <summary>
    /// Pins an event, or gives its pin another note and, while its rows are there, a new copy.
    /// </summary>
    /// <param name="id">The event.</param>
    /// <param name="note">Why it is kept; null or blank for no note.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed.</param>
    /// <returns>The pin, and whether it is new; null when there is no such event and no pin of it.</returns>
    /// <exception cref="RefusedException">The note is too long, as many events are pinned as may be, or the copy is too large.</exception>
    Task<MadePin?> PinAsync(long id, string? note, CancellationToken cancellationToken);

    /// <summary>Lets go of an event: its copy is deleted. Its rows are left to retention.</summary>
    /// <returns>False when it was not pinned.</returns>
    Task<bool> UnpinAsync(long id, CancellationToken cancellationToken);
}

/// <summary>
/// Writes all that is known of an event as one document. Whoever puts the modules together implements it: the ledger knows nothing of
/// what comes of an event.
/// </summary>
public interface IEventBundles
{
    /// <summary>Writes an event and all that came of it as a JSON object with the property <c>event</c>; secrets are masked.</summary>
    /// <param name="found">The event.</param>
    /// <param name="stream">Where to; what it throws ends the writing.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>Whether all that was written is over, so that it will read the same later.</returns>
    Task<bool> CopyAsync(Event found, Stream stream, CancellationToken cancellationToken);
}

/// <summary>An event that is kept beyond retention.</summary>
public sealed record PinnedEventSummary
{
    /// <summary>The event's id.</summary>
    public required long Event { get; init; }

    public required DateTimeOffset EventCreated { get; init; }
    public required string TriggerRef { get; init; }

    /// <summary>Why it is kept.</summary>
    public string? Note { get; init; }

    public required DateTimeOffset PinnedAt { get; init; }

    /// <summary>When the copy was taken.</summary>
    public required DateTimeOffset CopiedAt { get; init; }

    /// <summary>Whether all that came of the event was over by then.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>When the copy is taken again; null for never.</summary>
    public DateTimeOffset? NextCopyAt { get; init; }

    /// <summary>Why it could not be taken again the last time; null where nothing was in the way.</summary>
    public string? Problem { get; init; }

    /// <summary>The length of the copy.</summary>
    public required int Bytes { get; init; }
}

/// <summary>An event that is kept beyond retention, with its copy.</summary>
public sealed record PinnedEvent
{
    public required PinnedEventSummary Pin { get; init; }

    /// <summary>What <c>GET /events/{id}/bundle</c> answered when it was copied.</summary>
    public required JsonElement Bundle { get; init; }
}

/// <summary>A pin that was made or changed.</summary>
public readonly record struct MadePin(PinnedEventSummary Pin, bool IsNew);

/// <summary>How many events are pinned, and the bytes of their copies.</summary>
public readonly record struct PinTotals(long Count, long Bytes);
