using Attune.Db;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Host.Health;

/// <summary>Runs all health checks, in an order that does not tell one cause several times.</summary>
internal sealed class Inspection(HealthCheckService checks)
{
    // Where one of these is not well, those after it have no answer.
    private static readonly string[] First = [HealthChecks.Connection, HealthChecks.Schema];

    /// <summary>Looks at everything, as far as what comes first is well.</summary>
    public async Task<HealthReport> LookAsync(CancellationToken cancellationToken)
    {
        var entries = new Dictionary<string, HealthReportEntry>();
        foreach (var tag in First)
        {
            var report = await checks.CheckHealthAsync(check => check.Tags.Contains(tag), cancellationToken);
            if (Add(report) == HealthStatus.Unhealthy)
            {
                return new(entries, TimeSpan.Zero);
            }
        }

        Add(await checks.CheckHealthAsync(check => !check.Tags.Overlaps(First), cancellationToken));
        return new(entries, TimeSpan.Zero);

        HealthStatus Add(HealthReport report)
        {
            foreach (var (name, entry) in report.Entries)
            {
                entries.Add(name, entry);
            }

            return report.Status;
        }
    }

    /// <summary>Looks whether the database can be used, and at nothing else.</summary>
    public async Task<HealthReportEntry> ConnectionAsync(CancellationToken cancellationToken) =>
        (await checks.CheckHealthAsync(check => check.Tags.Contains(HealthChecks.Connection), cancellationToken)).Entries.Values.Single();
}
