namespace Attune.Modules.Enforcements.Rules;

/// <summary>How the columns of a rule say its state.</summary>
internal static class RuleStates
{
    /// <summary>The condition of SQL for a rule that is asked about events.</summary>
    public const string IsEvaluated = "(rule.enabled OR rule.shadow) AND rule.paused_at IS NULL";

    /// <summary>The same columns as one of the texts that people know.</summary>
    public const string Name = "CASE WHEN enabled THEN 'enabled' WHEN shadow THEN 'shadow' ELSE 'disabled' END";

    public static RuleState Of(bool enabled, bool shadow) => (enabled, shadow) switch
    {
        (true, _) => RuleState.Enabled,
        (_, true) => RuleState.Shadow,
        _ => RuleState.Disabled,
    };
}
