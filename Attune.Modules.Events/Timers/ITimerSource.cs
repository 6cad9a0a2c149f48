using System.Text.Json;

namespace Attune.Modules.Events;

/// <summary>Says which timers there are. Timers belong to rules, which this module does not know; another module implements this.</summary>
public interface ITimerSource
{
    /// <summary>The timers that should run now, and when that is.</summary>
    Task<RunningTimers> ListAsync(CancellationToken cancellationToken);

    /// <summary>Says that ticks are done with, whether an event came of them or not. No timer goes back.</summary>
    Task AdvanceAsync(IReadOnlyList<TimerPosition> positions, CancellationToken cancellationToken);
}

/// <summary>The timers, read at one moment.</summary>
/// <param name="Now">The time of the database: hosts go by it, or each would tick by a clock of its own.</param>
/// <param name="Timers">Those that should run.</param>
public sealed record RunningTimers(DateTimeOffset Now, IReadOnlyList<RuleTimer> Timers);

/// <summary>A timer of one rule.</summary>
public sealed record RuleTimer
{
    public required RuleTarget Rule { get; init; }

    /// <summary>One of <see cref="TimerTriggers.All"/>.</summary>
    public required string TriggerRef { get; init; }

    /// <summary>When it ticks; <c>EventsModule.CheckTimer</c> says what is possible.</summary>
    public required JsonElement Parameters { get; init; }

    /// <summary>Ticks up to here are done with.</summary>
    public required DateTimeOffset Position { get; init; }
}

/// <summary>How far the timer of a rule has come.</summary>
public readonly record struct TimerPosition(long Rule, DateTimeOffset Until);
