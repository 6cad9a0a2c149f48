using System.Globalization;
using Attune.Host.Files;
using Attune.Host.Packs;
using Attune.Host.Telemetry;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Verbs;

/// <summary>Makes the catalogue of the configured database what the files of a folder say.</summary>
internal static class ApplyHandler
{
    public static async Task<int> RunAsync(VerbContext context, string folder, bool isTrial, bool prunes, CancellationToken stop)
    {
        if (!Directory.Exists(folder))
        {
            context.Error.WriteLine($"There is no folder {ControlCharacters.Escaped(folder)}.");
            return ExitCode.Usage;
        }

        var files = await PackReader.ReadAsync(folder, stop);
        var outcome = await TryAsync(context, files, isTrial, prunes, stop);
        Tell(context, outcome.Notes);
        if (outcome.Mistakes.Count > 0)
        {
            Tell(context, outcome.Mistakes);
            context.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"Nothing was changed: {outcome.Mistakes.Distinct().Count()} to mend."));
            return ExitCode.Failed;
        }

        foreach (var thing in outcome.Things)
        {
            context.Output.WriteLine($"{thing.Verb} {thing.Kind} {ControlCharacters.Escaped(thing.Ref)}{(isTrial ? " (dry run)" : "")}");
            foreach (var line in isTrial ? thing.Differences : [])
            {
                context.Output.WriteLine($"    {ControlCharacters.Escaped(line)}");
            }
        }

        return isTrial && outcome.HasDifferences ? ExitCode.Pending : ExitCode.Done;
    }

    private static async Task<ApplyOutcome> TryAsync(
        VerbContext context, PackFiles files, bool isTrial, bool prunes, CancellationToken stop)
    {
        try
        {
            await using var database = await VerbDatabase.OpenAsync(context, stop);
            await (isTrial ? database.RequireCurrentSchemaAsync(stop) : database.PrepareAsync(stop));
            await using var services = database.Services
                .AddEventsModule()
                .AddEnforcementsModule()
                .AddSingleton<PackPruner>()
                .AddSingleton<PackApplier>()
                .BuildServiceProvider();
            return await services.GetRequiredService<PackApplier>().ApplyAsync(files, prunes, isTrial, stop);
        }
        catch when (files.Mistakes.Count > 0)
        {
            // Without a database only what the files show by themselves can be told.
            Tell(context, files.Mistakes);
            throw;
        }
    }

    private static void Tell(VerbContext context, IEnumerable<FileMistake> found)
    {
        foreach (var one in found.Distinct().OrderBy(one => one.File, StringComparer.Ordinal).ThenBy(one => (one.At.Line, one.At.Column)))
        {
            context.Error.WriteLine(ControlCharacters.Escaped(one.ToString()));
        }
    }
}
