using System.Text.Json;
using Attune.Db;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements;

/// <summary>Sends events again: as new events, evaluated and durable as any other, that name the one that they come from.</summary>
public interface IEventReplays
{
    /// <summary>
    /// Writes an event as another one was: with its trigger, its config and its source, and its payload unless another is given.
    /// </summary>
    /// <returns>What was written; null when there is no such event, or retention has dropped it.</returns>
    /// <exception cref="RefusedException">
    /// The trigger is gone or disabled, a rule is not there or would not be asked, or the payload cannot be stored; the field names the
    /// place.
    /// </exception>
    Task<ReplayedEvent?> ReplayAsync(long id, EventReplay replay, CancellationToken cancellationToken);

    /// <summary>
    /// Tells what would come of it: which rules would match, and with which parameters. Nothing is written, and windows of rules count
    /// nothing. It asks up to <see cref="ReplayTrial.MostRules"/> rules.
    /// </summary>
    /// <returns>Null when there is no such event, or retention has dropped it.</returns>
    /// <exception cref="RefusedException">A rule is not there, there are too many, or the payload cannot be stored.</exception>
    Task<ReplayTrial?> TryAsync(long id, EventReplay replay, CancellationToken cancellationToken);
}

/// <summary>How an event is to be sent again.</summary>
public sealed record EventReplay
{
    /// <summary>The most rules that can be chosen.</summary>
    public const int MostRules = 100;

    /// <summary>
    /// Another payload, which may be JSON null; left out, that of the event. The new event's config then has <c>payload_changed</c>.
    /// </summary>
    public JsonElement? Payload { get; init; }

    /// <summary>The references of the rules to ask; left out, those that were asked about the event.</summary>
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>The idempotency key: within 24 hours the same key for the same event is the same replay.</summary>
    public string? Key { get; init; }

    /// <summary>The item of a job that it is the result of.</summary>
    public JobItem? JobItem { get; init; }
}

/// <summary>An event that was sent again.</summary>
/// <param name="Event">The new event, as it was written.</param>
/// <param name="Written">What the ledger said.</param>
public sealed record ReplayedEvent(Event Event, AppendedEvent Written);

/// <summary>What would come of an event that is sent again.</summary>
public sealed record ReplayTrial
{
    /// <summary>The most rules that are asked.</summary>
    public const int MostRules = 500;

    /// <summary>The event's id.</summary>
    public required long Event { get; init; }

    public required string TriggerRef { get; init; }

    /// <summary>Whether the trigger is there and enabled: else nothing can be sent again.</summary>
    public required bool TriggerEnabled { get; init; }

    public required bool PayloadChanged { get; init; }

    /// <summary>The rules that would be asked, and those that were chosen, by reference.</summary>
    public required IReadOnlyList<ReplayTrialRule> Rules { get; init; }
}

/// <summary>What a rule would make of an event.</summary>
public sealed record ReplayTrialRule
{
    public required long Rule { get; init; }
    public required string RuleRef { get; init; }
    public required int RuleVersion { get; init; }
    public required string ActionRef { get; init; }
    public required RuleState State { get; init; }

    /// <summary>Whether it is not asked because it kept failing.</summary>
    public required bool IsPaused { get; init; }

    /// <summary>Whether a window may hold its match back; it is not looked at here.</summary>
    public required bool HasWindow { get; init; }

    /// <summary>Whether it would leave an enforcement, were it not for its window.</summary>
    public required bool Matches { get; init; }

    /// <summary>What the conditions come to together.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>How the conditions are joined.</summary>
    public required ConditionJoin Condition { get; init; }

    /// <summary>Every condition, in the rule's order.</summary>
    public required IReadOnlyList<ExplainedCondition> Conditions { get; init; }

    /// <summary>
    /// The action's parameters, filled in; null where the conditions do not hold or it failed. The new event's id is not known and stands
    /// as 0.
    /// </summary>
    public JsonElement? Parameters { get; init; }

    /// <summary>Why the rule could not be evaluated, or its parameters not be filled in.</summary>
    public string? Fault { get; init; }
}
