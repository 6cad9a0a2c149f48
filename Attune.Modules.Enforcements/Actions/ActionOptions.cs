using Attune.Modules.Enforcements.Actions;

namespace Attune.Modules.Enforcements;

/// <summary>What is said of an action of one's own where it is added. What is left null stays as it was set over HTTP.</summary>
public sealed class ActionOptions
{
    /// <summary>How long an execution may take: up to 30 days, in whole seconds. Left out for a new action, as long as it likes.</summary>
    public TimeSpan? Timeout { get; set; }

    /// <summary>How many attempts may follow one that failed or took too long: 0 to 100. Left out for a new action, none.</summary>
    public int? MaxRetries { get; set; }

    /// <summary>
    /// How many executions of it one host runs at once: 1 to 10,000. Those of other actions do not count. 200 suit an action that
    /// computes; one that mostly waits, without holding a thread, may have thousands.
    /// </summary>
    public int MostAtOnce { get; set; } = RegisteredAction.UsualAtOnce;
}
