namespace Attune.Modules.Enforcements.Explaining;

/// <summary>What is known of a rule at an event's instant.</summary>
internal record RuleThen
{
    public DateTimeOffset? Made { get; init; }
    public int? VersionThen { get; init; }
    public int? Newest { get; init; }

    /// <summary>Enabled, shadow, disabled, paused or deleted; null before anything is known.</summary>
    public string? State { get; init; }

    public long? Enforcement { get; init; }
    public int? EnforcementVersion { get; init; }
}
