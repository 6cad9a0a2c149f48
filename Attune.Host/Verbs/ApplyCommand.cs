using System.CommandLine;

namespace Attune.Host.Verbs;

/// <summary>The verb <c>apply</c>.</summary>
internal static class ApplyCommand
{
    public static Command Create(VerbContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "A folder with a pack.yaml, or one of such folders." };
        var dryRun = VerbOptions.Switch("--dry-run", "Change nothing, and print what would differ; exit code 2 when anything would.");
        var prune = VerbOptions.Switch("--prune", "Delete what files made in these packs, and no longer say.");
        var command = new Command("apply", "Make packs, triggers, actions and rules what files say.") { folder, dryRun, prune };
        command.SetAction((given, stop) => ApplyHandler.RunAsync(
            context, given.GetValue(folder)!, given.GetValue(dryRun), given.GetValue(prune), stop));
        return command;
    }
}
