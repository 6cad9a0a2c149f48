using System.Reflection;
using DbUp.Engine;

namespace Attune.Db.Migrations;

/// <summary>
/// The scripts in this assembly, for one engine. A script <c>name.sql</c> runs on both; twins <c>name.native.sql</c> and
/// <c>name.timescale.sql</c> run on theirs and are journaled as <c>name.sql</c>.
/// </summary>
internal static class ScriptCatalog
{
    private const string RepeatableFolder = "repeatable/";

    /// <summary>The numbered scripts, in the order they run: each once.</summary>
    public static IReadOnlyList<SqlScript> For(DatabaseEngine engine) =>
        [.. Resources(engine)
            .Where(resource => !IsRepeatable(resource))
            .Select(resource => new SqlScript(JournalName(resource), Text(resource)))
            .OrderBy(script => script.Name, StringComparer.Ordinal)];

    /// <summary>The scripts of functions and views, in the order they run: each again when its text has changed.</summary>
    public static IReadOnlyList<RepeatableScript> RepeatableFor(DatabaseEngine engine) =>
        [.. Resources(engine)
            .Where(IsRepeatable)
            .Select(resource => new RepeatableScript(JournalName(resource), Text(resource)))
            .OrderBy(script => script.Name, StringComparer.Ordinal)];

    public static IEnumerable<string> ResourceNames() =>
        Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal));

    public static bool IsRepeatable(string resource) => resource.StartsWith(RepeatableFolder, StringComparison.Ordinal);

    /// <summary>The text of a script, with the line ends of one system whatever the checkout made of them.</summary>
    public static string Text(string resource)
    {
        using var stream = Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private static Assembly Assembly => typeof(ScriptCatalog).Assembly;

    private static IEnumerable<string> Resources(DatabaseEngine engine)
    {
        var other = engine == DatabaseEngine.Timescale ? ".native.sql" : ".timescale.sql";
        return ResourceNames().Where(name => !name.EndsWith(other, StringComparison.Ordinal));
    }

    private static string JournalName(string resource) =>
        resource.Replace(".native.", ".", StringComparison.Ordinal).Replace(".timescale.", ".", StringComparison.Ordinal);
}
