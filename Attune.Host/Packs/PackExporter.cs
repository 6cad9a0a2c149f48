using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Attune.Host.Files;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Packs;

/// <summary>Writes packs as files: a folder each, with a file for each trigger, action and rule.</summary>
internal sealed class PackExporter(ICatalogue catalogue, ITriggerRepository triggers, IActionRepository actions, IRuleRepository rules)
{
    /// <summary>The pack that comes with Attune, and is written only when it is asked for.</summary>
    public const string Core = "core";

    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <param name="root">The folder; it is made where there is none.</param>
    /// <param name="wanted">The packs; empty for all but that of Attune.</param>
    /// <param name="notes">Takes what is worth knowing.</param>
    /// <param name="cancellationToken">Gives up; what is written stays.</param>
    /// <returns>The files that were written, from the folder.</returns>
    public async Task<IReadOnlyList<string>> ExportAsync(
        string root, IReadOnlyList<string> wanted, List<FileMistake> notes, CancellationToken cancellationToken)
    {
        var written = new List<string>();
        var applied = await catalogue.AppliedAsync(CatalogueKind.Action, cancellationToken);
        var allTriggers = await Listing.AllAsync(page => triggers.ListAsync(enabledOnly: false, page, cancellationToken));
        var allActions = await Listing.AllAsync(page => actions.ListAsync(page, cancellationToken));
        foreach (var pack in await catalogue.ListPacksAsync(cancellationToken))
        {
            if (wanted.Count == 0 ? pack.Ref == Core : !wanted.Contains(pack.Ref))
            {
                continue;
            }

            await WriteAsync(Path.Combine(pack.Ref, "pack.yaml"), PackShapes.Of(pack));
            foreach (var summary in allTriggers.Where(one => one.PackRef == pack.Ref))
            {
                if (await triggers.FindAsync(summary.Ref, cancellationToken) is { } trigger)
                {
                    var file = FileOf(pack.Ref, PackFolders.Triggers, trigger.Ref);
                    if (trigger.WebhookConfig.Mistake is { } mistake)
                    {
                        notes.Add(new(
                            file, FileMark.Start, $"The settings of its webhook cannot be used, and are not in the file: {mistake}"));
                    }

                    await WriteAsync(file, PackShapes.Of(trigger));
                }
            }

            // Those that come with a program are written by it, whenever it starts.
            foreach (var summary in allActions.Where(one => one.PackRef == pack.Ref && (one.IsAdhoc || applied.Contains(one.Id))))
            {
                if (await actions.FindAsync(summary.Ref, cancellationToken) is { } action)
                {
                    await WriteAsync(FileOf(pack.Ref, PackFolders.Actions, action.Ref), PackShapes.Of(action));
                }
            }

            foreach (var summary in await Listing.AllAsync(page => rules.ListAsync(new() { PackRef = pack.Ref }, page, cancellationToken)))
            {
                if (await rules.FindAsync(summary.Ref, cancellationToken) is { } rule)
                {
                    await WriteAsync(FileOf(pack.Ref, PackFolders.Rules, rule.Ref), PackShapes.Of(rule));
                }
            }

            NoteOthers(pack.Ref);
        }

        return written;

        async Task WriteAsync(string file, JsonObject shape)
        {
            var path = Path.Combine(root, file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, YamlText.Of(shape), Utf8, cancellationToken);
            written.Add(file.Replace('\\', '/'));
        }

        // A file of something that is no more would make it again.
        void NoteOthers(string pack)
        {
            foreach (var part in new[] { PackFolders.Triggers, PackFolders.Actions, PackFolders.Rules })
            {
                var folder = Path.Combine(root, pack, part);
                foreach (var file in (Directory.Exists(folder) ? Directory.GetFiles(folder, "*.yaml") : [])
                    .Select(file => PackFolders.Shown(root, file)).Except(written).Order(StringComparer.Ordinal))
                {
                    notes.Add(new(file, FileMark.Start, "This file was not written: the database has nothing of that name."));
                }
            }
        }
    }

    private static string FileOf(string pack, string part, string reference)
    {
        var name = reference.StartsWith(pack + ".", StringComparison.Ordinal) ? reference[(pack.Length + 1)..] : reference;
        var safe = new StringBuilder();
        foreach (var letter in name)
        {
            // What no file of some system may be called.
            _ = letter is '<' or '>' or ':' or '"' or '|' or '?' or '*' or '%'
                ? safe.Append(CultureInfo.InvariantCulture, $"%{(int)letter:X2}") : safe.Append(letter);
        }

        return Path.Combine(pack, part, safe.Append(".yaml").ToString());
    }
}
