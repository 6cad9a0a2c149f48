namespace Attune.Modules.Events;

/// <summary>Says which timers there are. Timers belong to rules, which this module does not know; another module implements this.</summary>
public interface ITimerSource
{
    /// <summary>The timers that should run now.</summary>
    Task<IReadOnlyList<RuleTimer>> ListAsync(CancellationToken cancellationToken);
}

/// <summary>A timer of one rule: every so many seconds, counted from the Unix epoch, so that every host counts the same ticks.</summary>
public sealed record RuleTimer
{
    public required RuleTarget Rule { get; init; }
    public required string TriggerRef { get; init; }

    /// <summary>The time between two ticks, in whole seconds, at least one.</summary>
    public required TimeSpan Interval { get; init; }
}
