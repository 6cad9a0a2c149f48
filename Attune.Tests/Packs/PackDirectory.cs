namespace Attune.Tests.Packs;

/// <summary>A folder of files that a test writes, and that is gone afterwards.</summary>
internal sealed class PackDirectory : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("attune-packs-");

    public string Path => _folder.FullName;

    /// <summary>Writes a file, and the folders that it lies in.</summary>
    public PackDirectory With(string file, string text)
    {
        var path = System.IO.Path.Combine(Path, file);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return this;
    }

    public PackDirectory With(string file, byte[] bytes)
    {
        With(file, "");
        File.WriteAllBytes(System.IO.Path.Combine(Path, file), bytes);
        return this;
    }

    public void Delete(string file) => File.Delete(System.IO.Path.Combine(Path, file));

    /// <summary>Every file with its bytes as text.</summary>
    public SortedDictionary<string, string> Files() => new(
        Directory.GetFiles(Path, "*", SearchOption.AllDirectories)
            .ToDictionary(file => System.IO.Path.GetRelativePath(Path, file), file => Convert.ToHexString(File.ReadAllBytes(file))),
        StringComparer.Ordinal);

    public void Dispose() => _folder.Delete(recursive: true);
}
