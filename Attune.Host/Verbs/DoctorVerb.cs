using Attune.Db;
using Attune.Db.Maintenance;
using Attune.Db.Migrations;
using Attune.Host.Health;
using Attune.Host.Telemetry;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Verbs;

/// <summary>Looks at the configured database from outside and says what has stopped, whether or not a host is running.</summary>
internal static class DoctorVerb
{
    public static Verb Verb { get; } = new()
    {
        Name = "doctor",
        Does = "Look for work that has stopped; exit code 1 when something needs looking into.",
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken stop)
    {
        var options = HostConfiguration.Database(invocation.Configuration);
        await using var log = Logs.Create(invocation.Configuration, toStandardError: true);
        using var loggers = Logs.Factory(log);
        await using var database = await HostDatabase.OpenAsync(options, loggers, stop);
        await using var services = new ServiceCollection()
            .AddSingleton(loggers)
            .AddLogging()
            .AddSingleton(invocation.Configuration)
            .AddDatabase(database.ConnectionString, options.Engine)
            .AddEventsModule()
            .AddEnforcementsModule()
            .AddSingleton<Diagnosis>()
            .BuildServiceProvider();

        var findings = await FindAsync(services, stop);
        foreach (var finding in findings)
        {
            Console.Out.WriteLine($"{(finding.Well ? "well" : "LOOK"),-5} {finding.Name,-22} {finding.Text}");
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
