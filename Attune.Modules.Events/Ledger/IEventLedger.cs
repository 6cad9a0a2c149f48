using System.Text.Json;
using Attune.Db;
using Npgsql;

namespace Attune.Modules.Events;

/// <summary>The one way in which events are written: webhooks, the API, timers and callers in the process all use it.</summary>
public interface IEventLedger
{
    /// <summary>
    /// Writes one event. Calls that arrive together are written in one transaction; when this returns, the event is durable
    /// and its enforcements exist.
    /// </summary>
    /// <param name="newEvent">What happened. Its JSON must stay readable until this returns.</param>
    /// <param name="cancellationToken">
    /// Withdraws the call while it is queued. Once its transaction has begun it is too late: the event is written, and this answers.
    /// </param>
    /// <exception cref="RefusedException">
    /// The trigger does not exist or is disabled, the payload cannot be stored, or the key is another event's
    /// (<see cref="KeyConflict.Refuse"/>). Other calls of the same moment are not touched.
    /// </exception>
    /// <exception cref="NpgsqlException">
    /// The database could not be reached, and nothing was written; or it was lost during the commit, which the message says, and
    /// the event may be there: a call that has a <see cref="NewEvent.Key"/> can safely be made again.
    /// </exception>
    Task<AppendedEvent> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken);

    /// <summary>Writes several events in one transaction: all, or none when one is refused. Answers in the order given.</summary>
    /// <exception cref="RefusedException">One of them cannot be accepted; the message says which and why.</exception>
    Task<IReadOnlyList<AppendedEvent>> AppendAsync(IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken);
}

/// <summary>What happened, before it is an event.</summary>
public sealed record NewEvent
{
    /// <summary>The trigger that fired. It must exist and be enabled.</summary>
    public required string TriggerRef { get; init; }

    /// <summary>Any JSON value; null and JSON null are kept apart.</summary>
    public JsonElement? Payload { get; init; }

    public JsonElement? Config { get; init; }

    /// <summary>Who sent it, such as <c>webhook</c>.</summary>
    public string? SourceRef { get; init; }

    /// <summary>The sensor that sent it.</summary>
    public long? Source { get; init; }

    /// <summary>Ask only this rule instead of every rule of the trigger; it need not exist any more.</summary>
    public RuleTarget? Target { get; init; }

    /// <summary>Ask only the rules of these references, as far as they are on the trigger; null asks all of them.</summary>
    public IReadOnlyList<string>? OnlyRules { get; init; }

    /// <summary>The event that this one is sent again from; it need not exist any more.</summary>
    public long? ReplayOf { get; init; }

    /// <summary>The item of a job that this event is the result of.</summary>
    public JobItem? JobItem { get; init; }

    /// <summary>The tick of the <see cref="Target"/>'s timer that this event stands for.</summary>
    public DateTimeOffset? Tick { get; init; }

    /// <summary>
    /// The idempotency key, at most 255 bytes: within 24 hours the same key in the same <see cref="KeySpace"/> is the same event.
    /// </summary>
    public string? Key { get; init; }

    /// <summary>What becomes of this event when an earlier one has its <see cref="Key"/> and says something else.</summary>
    public KeyConflict KeyConflict { get; init; }

    /// <summary>Whose keys these are; left out, <see cref="SourceRef"/>.</summary>
    public string? KeySpace { get; init; }

    /// <summary>What of a delivery tells it from another one, beside the <see cref="Payload"/>.</summary>
    internal JsonElement? Beside { get; init; }
}

/// <summary>
/// What becomes of an event whose key an earlier event has that says something else: another trigger, payload or rule.
/// </summary>
public enum KeyConflict
{
    /// <summary>
    /// It is refused, with all of its call (<see cref="RefusalKind.Invalid"/>, the field <c>key</c>): whoever makes up keys has made a
    /// mistake. Another <see cref="NewEvent.Config"/> counts as something else too.
    /// </summary>
    Refuse,

    /// <summary>
    /// It is written, and marked: <c>key_conflict</c> in its config is the earlier event's id. For senders who cannot mend it.
    /// </summary>
    Mark,

    /// <summary>The key alone decides: it is the earlier event, whatever it says.</summary>
    Same,
}

/// <summary>One of the things that a job works on.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Number">The item's place in it.</param>
public readonly record struct JobItem(long Job, long Number);

/// <summary>The rule that an event is meant for.</summary>
public readonly record struct RuleTarget(long Id, string Ref);

/// <summary>An event that is written.</summary>
public sealed record AppendedEvent
{
    public required long Id { get; init; }
    public required DateTimeOffset Created { get; init; }

    /// <summary>The id of the trigger that fired; null for a duplicate, which may have had another.</summary>
    public long? Trigger { get; init; }

    /// <summary>True when an earlier event had the same idempotency key: this is that event, and nothing was written.</summary>
    public bool IsDuplicate { get; init; }

    /// <summary>The earlier event that has the same key and says something else; this one was written and marked.</summary>
    public long? ConflictsWith { get; init; }

    /// <summary>The rules that matched; empty for a duplicate.</summary>
    public IReadOnlyList<MatchedRule> Matched { get; init; } = [];
}

/// <summary>A rule that matched an event, and the enforcement that came of it.</summary>
public sealed record MatchedRule(string RuleRef, int RuleVersion, long Enforcement)
{
    /// <summary>True when the rule only records what it would have done.</summary>
    public bool Shadow { get; init; }
}
