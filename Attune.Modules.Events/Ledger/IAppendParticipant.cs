using System.Text.Json;
using Npgsql;

namespace Attune.Modules.Events;

/// <summary>
/// Takes part in every append, inside its transaction: what it writes is committed with the events or not at all. The ledger
/// knows nothing of what a participant does.
/// </summary>
public interface IAppendParticipant
{
    /// <summary>
    /// Called once per transaction, after the events were written. It may use the connection, and must not commit. What it
    /// throws undoes the whole transaction, so a fault of one rule must not surface here.
    /// </summary>
    /// <returns>For each event, in order, the rules that matched; an empty list when none matched any.</returns>
    Task<IReadOnlyList<IReadOnlyList<MatchedRule>>> AppendingAsync(AppendContext context, CancellationToken cancellationToken);
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
}

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
}
