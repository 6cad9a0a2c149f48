namespace Attune.Tests.Architecture;

/// <summary>The files that the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Files of a project by an ending such as <c>*.cs</c>, without what a build has made.</summary>
    public static IEnumerable<string> Files(string project, string pattern) => Directory
        .EnumerateFiles(Path.Combine(Root, project), pattern, SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(Root, file).Split(Path.DirectorySeparatorChar).Any(
            part => part is "bin" or "obj" or "artifacts"));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Attune.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("Attune.sln is in no folder above the tests' own.");
    }
}
