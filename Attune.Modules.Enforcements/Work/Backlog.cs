using Attune.Db;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Modules.Enforcements.Work;

/// <summary>Rows that wait for something: where the oldest of them waits for long, something has stopped.</summary>
internal sealed record Backlog
{
    /// <summary>Counted up to 10,000.</summary>
    public required long Count { get; init; }

    /// <summary>Since when the oldest of them waits; null when there is none.</summary>
    public required DateTimeOffset? Oldest { get; init; }

    /// <param name="noun">What one of the rows is.</param>
    /// <param name="where">How they wait.</param>
    /// <param name="longest">How long one may wait before somebody should look into it.</param>
    /// <param name="now">The time.</param>
    /// <param name="advice">What to look into.</param>
    public HealthCheckResult Judge(string noun, string where, TimeSpan longest, DateTimeOffset now, string advice)
    {
        if (Oldest is not { } since)
        {
            return HealthCheckResult.Healthy($"no {noun}s {where}");
        }

        var text = Count == 1
            ? $"1 {noun} {where}, for {Amounts.Age(now - since)}"
            : $"{Amounts.Counted(Count)} {noun}s {where}, the oldest for {Amounts.Age(now - since)}";
        return now - since > longest ? HealthCheckResult.Degraded($"{text}: {advice}") : HealthCheckResult.Healthy(text);
    }
}
