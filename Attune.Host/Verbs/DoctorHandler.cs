using Attune.Host.Health;
using Attune.Host.Starting;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Host.Verbs;

/// <summary>Looks at the configured database from outside and says what has stopped, whether or not a host is running.</summary>
internal static class DoctorHandler
{
    // Nobody takes a host out of service for what this finds: it has time to open its first connections.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<int> RunAsync(VerbContext context, CancellationToken stop)
    {
        await using var database = await VerbDatabase.OpenAsync(context, stop);
        await using var services = database.Services
            .AddEventsModule()
            .AddEnforcementsModule()
            .AddHealth()
            .PostConfigure<HealthCheckServiceOptions>(checks =>
            {
                foreach (var check in checks.Registrations)
                {
                    check.Timeout = Patience;
                }
            })
            .BuildServiceProvider();

        var report = await services.GetRequiredService<Inspection>().LookAsync(stop);
        stop.ThrowIfCancellationRequested();
        foreach (var finding in report.Entries.Select(Finding.Of))
        {
            context.Output.WriteLine($"{(finding.Well ? "well" : "LOOK"),-5} {finding.Name,-22} {finding.Text}");
        }

        foreach (var error in report.Entries.Values.Select(entry => entry.Exception).Where(
            error => error is not OperationCanceledException).OfType<Exception>())
        {
            context.Error.WriteLine(Explanation.Of(error) ?? error.ToString());
        }

        return report.Status == HealthStatus.Healthy ? ExitCode.Done : ExitCode.Failed;
    }
}
