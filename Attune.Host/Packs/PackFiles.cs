using Attune.Host.Files;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Host.Packs;

/// <summary>A thing that a file says.</summary>
/// <param name="Ref">What it is called.</param>
/// <param name="Value">The thing.</param>
/// <param name="File">The file, as messages name it.</param>
/// <param name="Node">Where its parts stand.</param>
internal sealed record Said<T>(string Ref, T Value, string File, FileNode Node)
{
    /// <summary>What is wrong with a field, where that field stands.</summary>
    public FileMistake Mistake(string? field, string message) => new(File, Node.Locate(field ?? ""), message);
}

/// <summary>What the files of a folder say.</summary>
internal sealed class PackFiles
{
    public List<Said<Pack>> Packs { get; } = [];

    public List<Said<NewTrigger>> Triggers { get; } = [];

    public List<Said<NewAction>> Actions { get; } = [];

    public List<Said<NewRule>> Rules { get; } = [];

    /// <summary>What must be mended first.</summary>
    public List<FileMistake> Mistakes { get; } = [];

    /// <summary>What is worth knowing.</summary>
    public List<FileMistake> Notes { get; } = [];

    /// <summary>The references of the files in which something is wrong: nobody need be told that they are not there.</summary>
    public HashSet<string> Broken { get; } = new(StringComparer.Ordinal);
}
