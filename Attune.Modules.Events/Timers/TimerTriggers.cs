namespace Attune.Modules.Events;

/// <summary>The triggers that timers fire.</summary>
public static class TimerTriggers
{
    /// <summary>Of timers that tick every so many seconds.</summary>
    public const string Interval = "core.interval";

    /// <summary>Of timers that tick by a cron expression in a time zone.</summary>
    public const string Cron = "core.cron";

    /// <summary>Of timers that tick once.</summary>
    public const string DateTime = "core.date_time";

    /// <summary>What the original has for <see cref="Interval"/>: so many units.</summary>
    public const string OriginalInterval = "core.intervaltimer";

    /// <summary>What the original has for <see cref="Cron"/>.</summary>
    public const string OriginalCron = "core.crontimer";

    /// <summary>What the original has for <see cref="DateTime"/>.</summary>
    public const string OriginalDateTime = "core.datetimetimer";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Interval, Cron, DateTime, OriginalInterval, OriginalCron, OriginalDateTime];
}
