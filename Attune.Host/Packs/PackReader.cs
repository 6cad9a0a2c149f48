using System.Text.Json;
using Attune.Host.Files;
using Attune.Modules.Events;

namespace Attune.Host.Packs;

/// <summary>Reads packs from files, all of them, and notes everything that is wrong with any.</summary>
internal sealed class PackReader
{
    // Of the original's pack.yaml.
    private static readonly string[] NotKept =
    [
        "author", "email", "system", "enabled", "conf_schema", "meta", "tags", "runtime_deps", "dependencies", "testing", "name",
        "keywords", "license", "homepage", "repository", "is_standard", "installers", "environments", "metadata",
    ];

    private readonly string _root;
    private readonly PackFiles _files = new();
    private readonly Dictionary<string, string> _taken = new(StringComparer.Ordinal);

    private PackReader(string root) => _root = root;

    /// <param name="root">A folder that is there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PackFiles> ReadAsync(string root, CancellationToken cancellationToken)
    {
        var reader = new PackReader(root);
        foreach (var folder in PackFolders.Find(root, reader._files.Mistakes, reader._files.Notes))
        {
            await reader.ReadAsync(folder, cancellationToken);
        }

        return reader._files;
    }

    private async Task ReadAsync(PackFolder folder, CancellationToken cancellationToken)
    {
        // The files of a pack that cannot be read are looked at all the same, so that their mistakes are told too.
        var pack = await ReadPackAsync(folder, cancellationToken) ?? folder.Name;
        foreach (var file in folder.Triggers)
        {
            await ReadAsync(file, pack, "trigger", ContentReader.Trigger, _files.Triggers, cancellationToken);
        }

        foreach (var file in folder.Actions)
        {
            await ReadAsync(file, pack, "action", ContentReader.Action, _files.Actions, cancellationToken);
        }

        foreach (var file in folder.Rules)
        {
            await ReadAsync(file, pack, "rule", ContentReader.Rule, _files.Rules, cancellationToken);
        }
    }

    private async Task<string?> ReadPackAsync(PackFolder folder, CancellationToken cancellationToken)
    {
        if (await FieldsAsync(folder.PackFile, cancellationToken) is not { } fields)
        {
            return null;
        }

        var reference = fields.Text("ref");
        var pack = new Pack
        {
            Ref = reference ?? "",
            Label = fields.Text("label") ?? ContentReader.LabelOf(reference ?? folder.Name),
            Description = fields.Text("description"),
            Version = fields.Text("version") ?? Pack.FirstVersion,
            Config = fields.Json("config"),
        };
        fields.CheckOthers("a pack", NotKept);
        Take($"pack {pack.Ref}", folder.PackFile, fields);
        _files.Packs.Add(new(pack.Ref, pack, Shown(folder.PackFile), fields.Node));
        return reference;
    }

    private async Task ReadAsync<T>(
        string file, string pack, string kind, Func<ObjectFields, string, T> read, List<Said<T>> into, CancellationToken cancellationToken)
    {
        var before = _files.Mistakes.Count;
        var reference = $"{pack}.{Path.GetFileNameWithoutExtension(file)}";
        if (await FieldsAsync(file, cancellationToken) is { } fields)
        {
            reference = ContentReader.Qualified(pack, fields.Text("ref") ?? fields.Text("name")) ?? reference;
            if (fields.Text("pack_ref") is { } named && named != pack)
            {
                fields.Note(fields.Node.Locate("pack_ref"), $"pack_ref is {named}, and the pack of this folder is {pack}.");
            }

            var value = read(fields, pack);
            if (Take($"{kind} {reference}", file, fields))
            {
                // With mistakes too: it is tried, so that what only the modules know to be wrong is told as well.
                into.Add(new(reference, value, Shown(file), fields.Node));
            }
        }

        if (_files.Mistakes.Count > before)
        {
            _files.Broken.Add(reference);
        }
    }

    private bool Take(string what, string file, ObjectFields fields)
    {
        if (_taken.TryAdd(what, Shown(file)))
        {
            return true;
        }

        fields.Note(fields.Node.Locate("ref"), $"The {what} stands in {_taken[what]} as well.");
        return false;
    }

    private async Task<ObjectFields?> FieldsAsync(string file, CancellationToken cancellationToken)
    {
        var shown = Shown(file);
        try
        {
            var text = await SourceText.ReadAsync(file, cancellationToken);
            var node = string.Equals(Path.GetExtension(file), ".json", StringComparison.OrdinalIgnoreCase)
                ? JsonSource.Read(text, Mistake)
                : YamlSource.Read(text, Mistake, (at, note) => _files.Notes.Add(new(shown, at, note)));
            if (node.Kind == JsonValueKind.Object)
            {
                return new(node, shown, _files.Mistakes, _files.Notes);
            }

            Mistake(node.At, "The file must hold an object: names with values.");
        }
        catch (UnreadableFileException unreadable)
        {
            Mistake(unreadable.At, unreadable.Message);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Mistake(FileMark.Start, $"The file cannot be read: {error.Message}");
        }

        return null;

        void Mistake(FileMark at, string text) => _files.Mistakes.Add(new(shown, at, text));
    }

    private string Shown(string file) => PackFolders.Shown(_root, file);
}
