using Attune.Web.Pages.Home;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Tests.Web.Fakes;

/// <summary>Finds what a test says, and one thing that is well.</summary>
public sealed class FakeHealth : IHealthReports
{
    /// <summary>The names of the checks that are not well, and what they found.</summary>
    public IReadOnlyDictionary<string, string> NotWell { get; set; } = new Dictionary<string, string>();

    public Task<HealthReport> LookAsync(CancellationToken cancellationToken) => Task.FromResult(new HealthReport(
        NotWell
            .Select(check => KeyValuePair.Create(check.Key, Entry(HealthStatus.Degraded, check.Value)))
            .Prepend(KeyValuePair.Create("database", Entry(HealthStatus.Healthy, "answers")))
            .ToDictionary(),
        TimeSpan.Zero));

    private static HealthReportEntry Entry(HealthStatus status, string text) => new(status, text, TimeSpan.Zero, null, null);
}
