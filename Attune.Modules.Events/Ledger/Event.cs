using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>A trigger fired. Events are never changed once written.</summary>
public sealed record Event
{
    public required long Id { get; init; }

    /// <summary>The trigger's id when it fired; the trigger may be gone since.</summary>
    public long? Trigger { get; init; }

    /// <summary>The trigger's reference (<c>pack.name</c>), kept when the trigger itself is deleted.</summary>
    public required string TriggerRef { get; init; }

    /// <summary>How it came in: for a webhook its source, the sender's event header and delivery id. Never a secret.</summary>
    public JsonElement? Config { get; init; }

    public JsonElement? Payload { get; init; }

    /// <summary>The sensor's id, when a sensor sent it.</summary>
    public long? Source { get; init; }

    public string? SourceRef { get; init; }

    /// <summary>The one rule it is meant for; null when every rule of the trigger is asked.</summary>
    public long? Rule { get; init; }

    public string? RuleRef { get; init; }

    /// <summary>The references of the rules that alone were asked; null when every rule of the trigger was.</summary>
    public IReadOnlyList<string>? OnlyRules { get; init; }

    /// <summary>The event that it was sent again from; that one may be expired.</summary>
    public long? ReplayOf { get; init; }

    /// <summary>When it was written, by the database's clock, in UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The event that was just written, as it would be read.</summary>
    /// <param name="given">What was to be written.</param>
    /// <param name="written">What was answered.</param>
    public static Event Of(NewEvent given, AppendedEvent written) => new()
    {
        Id = written.Id,
        Trigger = written.Trigger,
        TriggerRef = given.TriggerRef,
        Config = given.Config,
        Payload = given.Payload,
        Source = given.Source,
        SourceRef = given.SourceRef,
        Rule = given.Target?.Id,
        RuleRef = given.Target?.Ref,
        OnlyRules = given.OnlyRules,
        ReplayOf = given.ReplayOf,
        Created = written.Created,
    };
}

/// <summary>An event as a list shows it: without its payload, which can be large.</summary>
public sealed record EventSummary : IKeysetRow
{
    public required long Id { get; init; }
    public long? Trigger { get; init; }
    public required string TriggerRef { get; init; }
    public long? Source { get; init; }
    public string? SourceRef { get; init; }
    public long? Rule { get; init; }
    public string? RuleRef { get; init; }

    /// <summary>The event that it was sent again from; that one may be expired.</summary>
    public long? ReplayOf { get; init; }

    public required bool HasPayload { get; init; }
    public required DateTimeOffset Created { get; init; }
}

/// <summary>The events of a trigger on either side of one, by their ids; null where there is none.</summary>
public readonly record struct EventNeighbours(long? Older, long? Newer);

/// <summary>Which events to list. A property left null does not filter; those that are set all hold.</summary>
public sealed record EventFilter
{
    public long? Trigger { get; init; }
    public string? TriggerRef { get; init; }
    public string? RuleRef { get; init; }
    public long? Source { get; init; }
    public string? SourceRef { get; init; }

    /// <summary>Those that were sent again from this one.</summary>
    public long? ReplayOf { get; init; }

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? Until { get; init; }
}
