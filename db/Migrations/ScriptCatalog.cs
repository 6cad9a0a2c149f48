using System.Reflection;
using DbUp.Engine;

namespace Attune.Db.Migrations;

/// <summary>
/// The scripts in this assembly, for one engine. A script <c>NNNN_name.sql</c> runs on both; twins
/// <c>NNNN_name.native.sql</c> and <c>NNNN_name.timescale.sql</c> run on theirs and are journaled as <c>NNNN_name.sql</c>.
/// </summary>
internal static class ScriptCatalog
{
    public static IReadOnlyList<SqlScript> For(DatabaseEngine engine)
    {
        var other = engine == DatabaseEngine.Timescale ? ".native.sql" : ".timescale.sql";
        return [.. ResourceNames()
            .Where(name => !name.EndsWith(other, StringComparison.Ordinal))
            .Select(Read)
            .OrderBy(script => script.Name, StringComparer.Ordinal)];
    }

    public static IEnumerable<string> ResourceNames() =>
        Assembly.GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal));

    public static string Text(string resource)
    {
        using var stream = Assembly.GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static Assembly Assembly => typeof(ScriptCatalog).Assembly;

    private static SqlScript Read(string resource) => new(
        resource.Replace(".native.", ".", StringComparison.Ordinal).Replace(".timescale.", ".", StringComparison.Ordinal),
        Text(resource));
}
