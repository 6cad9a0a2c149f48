using Attune.Db;
using Attune.Db.Migrations;
using Attune.Host.Telemetry;

namespace Attune.Host.Verbs;

/// <summary>Brings the schema of the configured database up to date, or says what that would take.</summary>
internal static class MigrateVerb
{
    private const string Pending = "--pending";
    private const string Script = "--script";

    public static Verb Verb { get; } = new()
    {
        Name = "migrate",
        Does = "Bring the schema up to date.",
        Options =
        [
            new(Pending, null, "Only list what would run; exit code 2 when there is any."),
            new(Script, null, "Only print the SQL that would run."),
        ],
        RunAsync = RunAsync,
    };

    private static async Task<int> RunAsync(Invocation invocation, CancellationToken stop)
    {
        var options = HostConfiguration.Database(invocation.Configuration);
        await using var log = Logs.Create(invocation.Configuration, toStandardError: true);
        using var loggers = Logs.Factory(log);
        await using var database = await HostDatabase.OpenAsync(options, loggers, stop);
        await using var source = DataSources.Create(database.ConnectionString, loggers);
        var migrator = new Migrator(source, options.Engine, loggers.CreateLogger<Migrator>());
        if (invocation.Has(Script))
        {
            Console.Out.Write(await migrator.ScriptAsync(stop) ?? "-- Nothing is pending.\n");
            return ExitCode.Done;
        }

        if (invocation.Has(Pending))
        {
            var pending = await migrator.PendingAsync(stop);
            Console.Out.WriteLine(pending.Count == 0 ? "Nothing is pending." : string.Join('\n', pending));
            return pending.Count == 0 ? ExitCode.Done : ExitCode.Pending;
        }

        var ran = await migrator.MigrateAsync(stop);
        Console.Out.WriteLine(ran == 0 ? "The schema was up to date." : $"The schema is up to date: {ran} scripts ran.");
        return ExitCode.Done;
    }
}
