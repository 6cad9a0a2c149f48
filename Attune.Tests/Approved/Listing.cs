using Attune.Tests.Architecture;

namespace Attune.Tests.Approved;

/// <summary>
/// A text file beside this one that says what there is, so that the diff of a commit shows what it adds, changes and removes.
/// </summary>
internal static class Listing
{
    private const string Variable = "ATTUNE_APPROVE";

    /// <summary>Passes when the file says the same; with ATTUNE_APPROVE=1 the file is written instead.</summary>
    public static void Check(string name, IEnumerable<string> lines)
    {
        var file = Path.Combine(Repository.Root, "Attune.Tests", "Approved", name);
        var found = lines.ToList();
        if (Environment.GetEnvironmentVariable(Variable) is "1" or "true")
        {
            File.WriteAllText(file, string.Join('\n', found) + "\n");
            return;
        }

        var approved = File.Exists(file) ? File.ReadAllText(file).TrimEnd('\n').Split('\n') : [];
        var differences = approved.Except(found).Select(line => $"- {line}").Concat(found.Except(approved).Select(line => $"+ {line}"));
        Assert.That(found, Is.EqualTo(approved), $"""
            Approved/{name} says otherwise:
            {string.Join('\n', differences)}
            Where that is meant: {Variable}=1 dotnet test --filter FullyQualifiedName~Attune.Tests.Approved
            and commit the file.
            """);
    }
}
