using System.Security.Cryptography;
using System.Text;
using Attune.Db.Migrations;
using Attune.Tests.Architecture;

namespace Attune.Tests.Db;

/// <summary>
/// A numbered script that a database has run is never run again, so an edit of it reaches new databases only, and the two part ways.
/// LandedScripts.txt holds the SHA-256 of each as it landed, in the form of <c>sha256sum</c>.
/// </summary>
[TestFixture]
public sealed class LandedScriptsTests
{
    private static IReadOnlyList<(string Name, string Text)> Scripts => [.. ScriptCatalog.ResourceNames()
        .Where(name => !ScriptCatalog.IsRepeatable(name))
        .Select(name => (name, ScriptCatalog.Text(name)))];

    private static string[] Landed =>
        File.ReadAllLines(Path.Combine(Repository.Root, "Attune.Tests", "Db", "LandedScripts.txt"));

    [Test]
    public void Every_numbered_script_is_as_it_landed() => Assert.That(Faults(Scripts, Landed), Is.Empty);

    [Test]
    public void A_landed_script_that_was_edited_is_a_fault()
    {
        var edited = Scripts.Select(script => script.Name == "0004_event.sql" ? (script.Name, script.Text + "-- one more line\n") : script);

        Assert.That(Faults(edited, Landed), Has.One.StartsWith("0004_event.sql has landed and was edited"));
    }

    [Test]
    public void A_new_script_without_its_line_is_a_fault_that_says_the_line()
    {
        var added = Scripts.Append(("9999_new.sql", "SELECT 1;\n"));

        Assert.That(Faults(added, Landed), Has.One.EndsWith($"{Digest("SELECT 1;\n")}  9999_new.sql"));
    }

    [Test]
    public void A_landed_script_that_was_taken_away_is_a_fault() =>
        Assert.That(
            Faults(Scripts.Where(script => script.Name != "0004_event.sql"), Landed),
            Is.EqualTo((string[])["0004_event.sql has landed and is gone: put it back."]));

    private static IReadOnlyList<string> Faults(IEnumerable<(string Name, string Text)> scripts, IEnumerable<string> landed)
    {
        var digests = landed.Select(line => line.Split("  ")).ToDictionary(parts => parts[1], parts => parts[0]);
        var faults = new List<string>();
        foreach (var (name, text) in scripts)
        {
            if (!digests.Remove(name, out var digest))
            {
                faults.Add($"{name} is new; add this line to Attune.Tests/Db/LandedScripts.txt: {Digest(text)}  {name}");
            }
            else if (digest != Digest(text))
            {
                faults.Add(
                    $"{name} has landed and was edited; put it back, and make the change in a new script, or in db/scripts/repeatable.");
            }
        }

        return [.. faults, .. digests.Keys.Select(name => $"{name} has landed and is gone: put it back.")];
    }

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
