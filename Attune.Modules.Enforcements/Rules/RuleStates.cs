namespace Attune.Modules.Enforcements.Rules;

/// <summary>How the columns of a rule say its state.</summary>
internal static class RuleStates
{
    /// <summary>The condition of SQL for a rule that is asked about events.</summary>
    public const string IsEvaluated = "(rule.enabled OR rule.shadow) AND rule.paused_at IS NULL";
}
