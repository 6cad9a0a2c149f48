using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Where an enforcement stands. It is created, and then once processed or disabled.</summary>
public enum EnforcementStatus
{
    /// <summary>Not resolved yet.</summary>
    Created,

    /// <summary>An execution of the rule's action was requested.</summary>
    Processed,

    /// <summary>No execution: the rule was disabled or deleted, or its trigger or action was gone.</summary>
    Disabled,
}

/// <summary>A rule matched an event.</summary>
public sealed record Enforcement
{
    public required long Id { get; init; }
    public long? Rule { get; init; }
    public required string RuleRef { get; init; }

    /// <summary>Which of the rule's versions matched.</summary>
    public int? RuleVersion { get; init; }

    public required string TriggerRef { get; init; }

    /// <summary>The action's parameters, with the templates filled in.</summary>
    public JsonElement? Config { get; init; }

    /// <summary>The event's id. The event may have been deleted or dropped since: then it is expired.</summary>
    public long? Event { get; init; }

    public required EnforcementStatus Status { get; init; }
    public required JsonElement Payload { get; init; }
    public required ConditionJoin Condition { get; init; }
    public required JsonElement Conditions { get; init; }

    /// <summary>The event's <c>created</c>.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>When it was processed or disabled, by the database's clock; null while it is pending.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Whether the rule was a shadow: this is what it would have done, disabled from the beginning.</summary>
    public bool Shadow { get; init; }

    /// <summary>Why it is still pending, when an attempt to resolve it failed.</summary>
    public string? PendingReason { get; init; }
}

/// <summary>An enforcement as a list shows it.</summary>
public sealed record EnforcementSummary : IKeysetRow
{
    public required long Id { get; init; }
    public long? Rule { get; init; }
    public required string RuleRef { get; init; }
    public int? RuleVersion { get; init; }
    public required string TriggerRef { get; init; }
    public long? Event { get; init; }
    public required EnforcementStatus Status { get; init; }
    public required ConditionJoin Condition { get; init; }
    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>Whether the rule was a shadow.</summary>
    public bool Shadow { get; init; }
}

/// <summary>Which enforcements to list. A property left null does not filter; those that are set all hold.</summary>
public sealed record EnforcementFilter
{
    public long? Rule { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public long? Event { get; init; }

    /// <summary>Any of these; empty does not filter.</summary>
    public IReadOnlyList<EnforcementStatus> Statuses { get; init; } = [];

    /// <summary>True for those of shadow rules alone, false for all others.</summary>
    public bool? Shadow { get; init; }

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}
