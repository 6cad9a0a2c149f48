using System.Text.RegularExpressions;

namespace Attune.Tests.Architecture;

/// <summary>Habits of SQL in C# that cost something at run time, where a reader would not see it.</summary>
[TestFixture]
public sealed partial class SqlStyleTests
{
    private static readonly string[] Projects = ["db", "Attune.Modules.Events", "Attune.Modules.Enforcements", "Attune.Modules.History"];

    // The embedded server is another process: what it is waited for passes in its time, not in a test's.
    private static readonly string Processes = Path.Combine("db", "Embedded");

    private static IEnumerable<(string File, string Text)> Sources => Projects
        .SelectMany(project => Repository.Files(project, "*.cs"))
        .Select(file => (Path.GetRelativePath(Repository.Root, file), File.ReadAllText(file)));

    [Test]
    public void Columns_are_listed() => NoneMatches(StarOfATable());

    [Test]
    public void Lists_are_passed_as_arrays() => NoneMatches(InAParameter());

    [Test]
    public void Every_dapper_call_carries_its_cancellation_token() => NoneMatches(BareCall());

    [Test]
    public void Clocks_are_injected() => NoneMatches(WallClock(), except: Processes);

    private static void NoneMatches(Regex pattern, string except = "nothing") =>
        Assert.That(
            Sources.Where(source => !source.File.StartsWith(except, StringComparison.Ordinal)).SelectMany(
                source => pattern.Matches(source.Text).Select(match => $"{source.File}: {match.Value.Trim()}")),
            Is.Empty);

    [GeneratedRegex(@"SELECT\s+(\w+\.)?\*\s+FROM\s+(event|enforcement|execution|rule|trigger|action|worker|sensor)\b")]
    private static partial Regex StarOfATable();

    [GeneratedRegex(@"\bIN\s+@\w+")]
    private static partial Regex InAParameter();

    [GeneratedRegex(@"\.(QueryAsync|QuerySingleAsync|QuerySingleOrDefaultAsync|QueryFirstOrDefaultAsync|ExecuteAsync|ExecuteScalarAsync)(<[^>(]*>)?\(\s*(\$?""|sql\b)")]
    private static partial Regex BareCall();

    [GeneratedRegex(@"\b(DateTime|DateTimeOffset)\.(UtcNow|Now)\b")]
    private static partial Regex WallClock();
}
