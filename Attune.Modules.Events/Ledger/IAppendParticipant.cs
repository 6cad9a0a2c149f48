using System.Text.Json;
using Npgsql;

namespace Attune.Modules.Events;

/// <summary>
/// Takes part in every append: before it, where only its own caller waits, and inside its transaction, where everybody does. What it
/// writes there is committed with the events or not at all. The ledger knows nothing of what a participant does.
/// </summary>
public interface IAppendParticipant
{
    /// <summary>
    /// Called before a call is queued, on behalf of its caller alone: whatever may take long belongs here.
    /// </summary>
    /// <param name="events">The events of the call. Their trigger may not exist, and they may turn out to be duplicates.</param>
    /// <param name="earlier">What this answered before for the same call, which was sent back because it no longer held; else null.</param>
    /// <param name="cancellationToken">The caller gave up.</param>
    /// <returns>What <see cref="RenewAsync"/> and <see cref="AppendingAsync"/> are handed; null for nothing.</returns>
    ValueTask<object?> PrepareAsync(IReadOnlyList<NewEvent> events, object? earlier, CancellationToken cancellationToken) =>
        ValueTask.FromResult<object?>(null);

    /// <summary>
    /// Called within the transaction before anything is written, for each call that was prepared: makes it agree with the epoch that the
    /// transaction sees. It must be quick, for everybody waits.
    /// </summary>
    /// <returns>False when it cannot quickly be made to agree: then the call is prepared again, and the others go on without it.</returns>
    ValueTask<bool> RenewAsync(object prepared, AppendRenewal renewal, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    /// <summary>
    /// Called once per transaction, after the events were written. It may use the connection, and must not commit. What it
    /// throws undoes the whole transaction, so a fault of one rule must not surface here.
    /// </summary>
    /// <returns>For each event, in order, the rules that matched; an empty list when none matched any.</returns>
    Task<IReadOnlyList<IReadOnlyList<MatchedRule>>> AppendingAsync(AppendContext context, CancellationToken cancellationToken);

    /// <summary>How many bytes it will write for what was prepared, roughly: a call that comes to many is written apart from the others.</summary>
    long BytesOf(object prepared) => 0;

    /// <summary>Called once for everything that was prepared, when its call has been answered or given up.</summary>
    void Release(object prepared)
    {
    }
}

/// <summary>The state that a transaction sees, before it writes.</summary>
public sealed record AppendRenewal
{
    public required NpgsqlConnection Connection { get; init; }

    /// <summary>As in <see cref="AppendContext"/>.</summary>
    public required long RuleEpoch { get; init; }
}

/// <summary>One append, as a participant sees it.</summary>
public sealed record AppendContext
{
    public required NpgsqlConnection Connection { get; init; }
    public required NpgsqlTransaction Transaction { get; init; }

    /// <summary>The <c>created</c> of every event of this transaction.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The number of the rules' state that this transaction sees: rules cached under another are stale.</summary>
    public required long RuleEpoch { get; init; }

    public required IReadOnlyList<WrittenEvent> Events { get; init; }

    /// <summary>What this participant prepared for the call of each event, in order, and the event's place in that call.</summary>
    public required IReadOnlyList<PreparedPlace> Prepared { get; init; }

    /// <summary>Is called when the transaction is committed, and only then; it must not throw, nor take long.</summary>
    public required Action<Action> WhenCommitted { get; init; }
}

/// <summary>What a participant prepared for the call that an event came with.</summary>
/// <param name="Prepared">What <see cref="IAppendParticipant.PrepareAsync"/> answered.</param>
/// <param name="Place">The number of the event in that call.</param>
public readonly record struct PreparedPlace(object? Prepared, int Place);

/// <summary>An event that this transaction has written.</summary>
public sealed record WrittenEvent
{
    public required long Id { get; init; }
    public required long Trigger { get; init; }
    public required string TriggerRef { get; init; }
    public JsonElement? Payload { get; init; }

    /// <summary>What was said outside the payload.</summary>
    public JsonElement? Config { get; init; }

    public string? SourceRef { get; init; }
    public RuleTarget? Target { get; init; }

    /// <summary>The tick of the target's timer that the event stands for.</summary>
    public DateTimeOffset? Tick { get; init; }

    /// <summary>The item of a job that the event is the result of; null for all others.</summary>
    public JobItem? JobItem { get; init; }
}
