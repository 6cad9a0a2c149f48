using Attune.Db;
using Attune.Db.Migrations;

namespace Attune.Host.Verbs;

/// <summary>Brings the schema of the configured database up to date, or says what that would take.</summary>
internal static class MigrateHandler
{
    public static Task<int> RunAsync(VerbContext context, CancellationToken stop) => WithMigratorAsync(context, async migrator =>
    {
        var ran = await migrator.MigrateAsync(stop);
        context.Output.WriteLine(ran == 0 ? "The schema was up to date." : $"The schema is up to date: {ran} scripts ran.");
        return ExitCode.Done;
    }, stop);

    /// <summary>Lists the scripts that would run, a line each.</summary>
    public static Task<int> ListAsync(VerbContext context, CancellationToken stop) => WithMigratorAsync(context, async migrator =>
    {
        var pending = await migrator.PendingAsync(stop);
        if (pending.Count == 0)
        {
            context.Error.WriteLine("Nothing is pending.");
            return ExitCode.Done;
        }

        context.Output.WriteLine(string.Join('\n', pending));
        return ExitCode.Pending;
    }, stop);

    /// <summary>Prints the SQL that would run.</summary>
    public static Task<int> PrintAsync(VerbContext context, CancellationToken stop) => WithMigratorAsync(context, async migrator =>
    {
        context.Output.Write(await migrator.ScriptAsync(stop) ?? "-- Nothing is pending.\n");
        return ExitCode.Done;
    }, stop);

    private static async Task<int> WithMigratorAsync(VerbContext context, Func<Migrator, Task<int>> act, CancellationToken stop)
    {
        await using var database = await VerbDatabase.OpenAsync(context, stop);
        await using var source = DataSources.Create(database.ConnectionString, database.Loggers);
        return await act(new Migrator(source, database.Options.Engine, database.Loggers.CreateLogger<Migrator>()));
    }
}
