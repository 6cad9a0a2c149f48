using System.CommandLine;

namespace Attune.Host.Verbs;

/// <summary>The verb <c>migrate</c>.</summary>
internal static class MigrateCommand
{
    public static Command Create(VerbContext context)
    {
        var pending = VerbOptions.Switch("--pending", "Only list what would run; exit code 2 when there is any.");
        var script = VerbOptions.Switch("--script", "Only print the SQL that would run.");
        var command = new Command("migrate", "Bring the schema up to date.") { pending, script };
        command.SetAction((given, stop) =>
            given.GetValue(script) ? MigrateHandler.PrintAsync(context, stop)
            : given.GetValue(pending) ? MigrateHandler.ListAsync(context, stop)
            : MigrateHandler.RunAsync(context, stop));
        return command;
    }
}
