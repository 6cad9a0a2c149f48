using Attune.Host.Files;
using Attune.Host.Packs;
using Attune.Host.Telemetry;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Verbs;

/// <summary>Writes the catalogue of the configured database as files. It changes nothing there: not even the schema.</summary>
internal static class ExportHandler
{
    public static async Task<int> RunAsync(VerbContext context, string folder, IReadOnlyList<string> packs, CancellationToken stop)
    {
        await using var database = await VerbDatabase.OpenAsync(context, stop);
        await database.RequireCurrentSchemaAsync(stop);
        await using var services = database.Services
            .AddEventsModule()
            .AddEnforcementsModule()
            .AddSingleton<PackExporter>()
            .BuildServiceProvider();
        var known = (await services.GetRequiredService<ICatalogue>().ListPacksAsync(stop)).Select(pack => pack.Ref).ToList();
        if (packs.Except(known).FirstOrDefault() is { } unknown)
        {
            context.Error.WriteLine($"There is no pack {ControlCharacters.Escaped(unknown)}; there are {string.Join(", ", known)}.");
            return ExitCode.Failed;
        }

        var notes = new List<FileMistake>();
        try
        {
            foreach (var file in await services.GetRequiredService<PackExporter>().ExportAsync(folder, packs, notes, stop))
            {
                context.Output.WriteLine(ControlCharacters.Escaped(file));
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            context.Error.WriteLine($"The files cannot be written: {error.Message}");
            return ExitCode.Failed;
        }

        foreach (var note in notes)
        {
            context.Error.WriteLine(ControlCharacters.Escaped(note.ToString()));
        }

        return ExitCode.Done;
    }
}
