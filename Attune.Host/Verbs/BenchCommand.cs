using System.CommandLine;
using Attune.Host.Bench;

namespace Attune.Host.Verbs;

/// <summary>The verb <c>bench</c>.</summary>
internal static class BenchCommand
{
    private const long FewestRows = 9_000;

    public static Command Create(VerbContext context)
    {
        var rows = VerbOptions.Number(
            "--rows", FewestRows, $"How many events to read from, over 90 days; {BenchSize.DefaultRows} unless given.");
        var json = VerbOptions.Switch("--json", "Print JSON instead of a table.");
        var command = new Command("bench", "Measure what this machine reaches, each figure beside a reference.") { rows, json };
        command.SetAction((given, stop) =>
            BenchHandler.RunAsync(context, given.GetValue(rows) ?? BenchSize.DefaultRows, given.GetValue(json), stop));
        return command;
    }
}
