using Attune.Db;
using Attune.Db.Maintenance;
using Attune.Db.Migrations;
using Attune.Host.Health;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Verbs;

/// <summary>Looks at the configured database from outside and says what has stopped, whether or not a host is running.</summary>
internal static class DoctorHandler
{
    public static async Task<int> RunAsync(VerbContext context, CancellationToken stop)
    {
        await using var database = await VerbDatabase.OpenAsync(context, stop);
        await using var services = database.Services
            .AddEventsModule()
            .AddEnforcementsModule()
            .AddSingleton<Diagnosis>()
            .BuildServiceProvider();

        var findings = await FindAsync(services, stop);
        foreach (var finding in findings)
        {
            context.Output.WriteLine($"{(finding.Well ? "well" : "LOOK"),-5} {finding.Name,-22} {finding.Text}");
        }

        return findings.All(finding => finding.Well) ? ExitCode.Done : ExitCode.Failed;
    }

    private static async Task<IReadOnlyList<Finding>> FindAsync(ServiceProvider services, CancellationToken stop)
    {
        var pending = await services.GetRequiredService<Migrator>().PendingAsync(stop);
        if (pending.Count > 0)
        {
            return [new("schema", false, $"{pending.Count} scripts are pending, from {pending[0]}: run the verb migrate; nothing else was looked at")];
        }

        var writable = await services.GetRequiredService<DatabaseFacts>().PingAsync(stop);
        var listeners = await services.GetRequiredService<MaintenanceReports>().ListenersAsync(stop);
        return
        [
            writable ? new("database", true, "answers") : new("database", false, "takes no changes: it is read only"),
            new("schema", true, "current"),
            listeners > 0
                ? new("listener", true, $"{listeners} connections listen for changes")
                : new("listener", false, "no host listens for changes: none is running, or its connection is down"),
            .. await services.GetRequiredService<Diagnosis>().FindAsync(stop),
        ];
    }
}
