using System.Globalization;
using Attune.Db;
using Attune.Db.Maintenance;
using Attune.Modules.Enforcements;

namespace Attune.Host.Health;

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">What was looked at, for programs.</param>
/// <param name="Well">False where somebody should look into it.</param>
/// <param name="Text">What was found, and where it is not well, what to do.</param>
internal sealed record Finding(string Name, bool Well, string Text);

/// <summary>Looks for work that has stopped: what waits and for how long, and what the keeping has left undone.</summary>
internal sealed class Diagnosis(IWorkReports work, MaintenanceReports keeping, TimeProvider clock)
{
    private static readonly TimeSpan LongPending = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongWaiting = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongRunning = TimeSpan.FromHours(1);
    private static readonly TimeSpan LongUncounted = TimeSpan.FromMinutes(90);

    /// <summary>Looks at a database whose schema is current.</summary>
    public async Task<IReadOnlyList<Finding>> FindAsync(CancellationToken cancellationToken)
    {
        var report = await work.ReadAsync(cancellationToken);
        var kept = await keeping.ReadAsync(cancellationToken);
        var now = clock.GetUtcNow();
        return
        [
            Waiting("pending_enforcements", report.PendingEnforcements, "enforcement", "pending", report.OldestPending, LongPending, now,
                "no host resolves them: is one running, and what does its log say?"),
            Waiting("waiting_executions", report.WaitingExecutions, "execution", "waiting for a worker", report.OldestWaiting, LongWaiting, now,
                report.ActionsWithoutWorker is { Length: > 0 } actions
                    ? $"no active worker takes {string.Join(", ", actions)}"
                    : "the workers that take their actions are busy, or have stopped asking"),
            Waiting("running_executions", report.RunningExecutions, "execution", "in a worker's hands", report.OldestRunning, LongRunning, now,
                "look whether they are stuck; one can be cancelled"),
            kept.DefaultRows.Count == 0
                ? new("default_partitions", true, "no rows outside their partitions")
                : new("default_partitions", false, "rows in default partitions: "
                    + string.Join(", ", kept.DefaultRows.Select(one => $"{Counted(one.Rows)} of {one.Table}"))
                    + "; the next keeping moves them, those of an absurd date excepted"),
            kept.FailedJobs.Count == 0
                ? new("background_jobs", true, "no background job has failed")
                : new("background_jobs", false, $"background jobs whose last run failed: {string.Join(", ", kept.FailedJobs)}"),
            kept.CountedUntil is { } counted && now - counted > LongUncounted
                ? new("keeping", false, $"hourly counts are kept up to {Age(now - counted)} ago: no host keeps the time tables, or a transaction has been open since")
                : new("keeping", true, "the time tables are kept"),
        ];
    }

    private static Finding Waiting(
        string name, long count, string noun, string where, DateTimeOffset? oldest, TimeSpan most, DateTimeOffset now, string advice)
    {
        if (oldest is not { } since)
        {
            return new(name, true, $"no {noun}s {where}");
        }

        var text = count == 1
            ? $"1 {noun} {where}, for {Age(now - since)}"
            : $"{Counted(count)} {noun}s {where}, the oldest for {Age(now - since)}";
        return now - since > most ? new(name, false, $"{text}: {advice}") : new(name, true, text);
    }

    private static string Counted(long count) =>
        count.ToString("N0", CultureInfo.InvariantCulture) + (count >= Total.CountedAtMost ? " or more" : "");

    private static string Age(TimeSpan age) =>
        age.TotalDays >= 1 ? Some(age.TotalDays, "0.#", "day")
        : age.TotalHours >= 1 ? Some(age.TotalHours, "0.#", "hour")
        : age.TotalMinutes >= 1 ? Some(age.TotalMinutes, "0", "minute")
        : Some(Math.Max(0, age.TotalSeconds), "0", "second");

    private static string Some(double count, string format, string unit)
    {
        var text = count.ToString(format, CultureInfo.InvariantCulture);
        return text == "1" ? $"1 {unit}" : $"{text} {unit}s";
    }
}
