using System.CommandLine;

namespace Attune.Host.Verbs;

/// <summary>The verb <c>export</c>.</summary>
internal static class ExportCommand
{
    public static Command Create(VerbContext context)
    {
        var folder = new Argument<string>("DIR") { Description = "The folder to write to; it is made where there is none." };
        var packs = new Option<string[]>("--pack")
        {
            Description = "A pack to write, and as many more; all but core unless given.",
            HelpName = "REF",
            DefaultValueFactory = _ => [],
        };
        var command = new Command("export", "Write packs, triggers, actions and rules as files, for apply to read.") { folder, packs };
        command.SetAction((given, stop) => ExportHandler.RunAsync(context, given.GetValue(folder)!, given.GetValue(packs)!, stop));
        return command;
    }
}
