using Attune.Host.Files;

namespace Attune.Host.Packs;

/// <summary>The files of one pack, from the folder that is read.</summary>
internal sealed record PackFolder
{
    /// <summary>What the folder is called, which is usually what the pack is called.</summary>
    public required string Name { get; init; }

    public required string PackFile { get; init; }
    public required IReadOnlyList<string> Triggers { get; init; }
    public required IReadOnlyList<string> Actions { get; init; }
    public required IReadOnlyList<string> Rules { get; init; }
}

/// <summary>Finds packs: the folder itself, when it has a <c>pack.yaml</c>, or else the folders in it that have one.</summary>
internal static class PackFolders
{
    public const string Triggers = "triggers";
    public const string Actions = "actions";
    public const string Rules = "rules";

    private static readonly string[] Contents = [Triggers, Actions, Rules];
    private static readonly string[] Extensions = [".yaml", ".yml", ".json"];

    // What the original's packs have besides.
    private static readonly string[] Others = ["sensors", "runtimes", "workflows", "policies", "permission_sets"];

    /// <param name="root">The folder that is read.</param>
    /// <param name="mistakes">Takes what is wrong.</param>
    /// <param name="notes">Takes what is not read.</param>
    public static IReadOnlyList<PackFolder> Find(string root, List<FileMistake> mistakes, List<FileMistake> notes)
    {
        var folders = PackFiles(root).Count > 0
            ? [root]
            : Directory.GetDirectories(root)
                .Where(folder => !Path.GetFileName(folder).StartsWith('.'))
                .Order(StringComparer.Ordinal)
                .ToList();
        var packs = new List<PackFolder>();
        foreach (var folder in folders)
        {
            switch (PackFiles(folder))
            {
                case [var only]:
                    packs.Add(Of(root, folder, only, notes));
                    break;
                case [var first, var second, ..]:
                    mistakes.Add(new(Shown(root, second), FileMark.Start, $"There is {Shown(root, first)} beside it; a pack has one."));
                    break;
                case [] when Contents.Any(part => Directory.Exists(Path.Combine(folder, part))):
                    mistakes.Add(new(Shown(root, Path.Combine(folder, "pack.yaml")), FileMark.Start,
                        "This file is missing: it says which pack the files of this folder are of."));
                    break;
                default:
                    break;
            }
        }

        if (packs.Count == 0 && mistakes.Count == 0)
        {
            mistakes.Add(new("", FileMark.Start, "There is no pack.yaml, neither in the folder nor in a folder within."));
        }

        return packs;
    }

    /// <summary>A file as messages name it.</summary>
    public static string Shown(string root, string file) => Path.GetRelativePath(root, file).Replace('\\', '/');

    private static List<string> PackFiles(string folder) =>
        [.. Extensions.Select(extension => Path.Combine(folder, "pack" + extension)).Where(File.Exists)];

    private static PackFolder Of(string root, string folder, string packFile, List<FileMistake> notes)
    {
        foreach (var other in Others.Select(name => Path.Combine(folder, name)).Where(Directory.Exists))
        {
            notes.Add(new(Shown(root, other) + "/", FileMark.Start, "This is not read: Attune keeps packs, triggers, actions and rules."));
        }

        return new()
        {
            Name = Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))),
            PackFile = packFile,
            Triggers = FilesOf(Triggers),
            Actions = FilesOf(Actions),
            Rules = FilesOf(Rules),
        };

        IReadOnlyList<string> FilesOf(string part)
        {
            var within = Path.Combine(folder, part);
            if (!Directory.Exists(within))
            {
                return [];
            }

            foreach (var deeper in Directory.GetDirectories(within).Order(StringComparer.Ordinal))
            {
                notes.Add(new(Shown(root, deeper) + "/", FileMark.Start, $"This is not read: files lie directly in {part}."));
            }

            return [.. Directory.GetFiles(within)
                .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase))
                .Where(file => !Path.GetFileName(file).StartsWith('.'))
                .Order(StringComparer.Ordinal)];
        }
    }
}
