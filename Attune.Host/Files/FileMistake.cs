using System.Globalization;

namespace Attune.Host.Files;

/// <summary>A place in a file, as editors count: the first line and the first column are 1.</summary>
internal readonly record struct FileMark(int Line, int Column)
{
    public static FileMark Start { get; } = new(1, 1);
}

/// <summary>What is wrong with a file, or worth knowing of it.</summary>
/// <param name="File">The file, from the folder that is read; empty where no file says it.</param>
/// <param name="At">Where in it.</param>
/// <param name="Text">A sentence for a person.</param>
internal sealed record FileMistake(string File, FileMark At, string Text)
{
    public override string ToString() => File.Length == 0
        ? Text
        : File.EndsWith('/') ? $"{File}: {Text}"
        : string.Create(CultureInfo.InvariantCulture, $"{File}:{At.Line}:{At.Column}: {Text}");
}

/// <summary>A file cannot be read any further.</summary>
internal sealed class UnreadableFileException(FileMark at, string message) : Exception(message)
{
    public FileMark At { get; } = at;
}
