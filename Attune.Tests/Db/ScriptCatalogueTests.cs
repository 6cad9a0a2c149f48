using System.Text.RegularExpressions;
using Attune.Db.Migrations;

namespace Attune.Tests.Db;

[TestFixture]
public sealed class ScriptCatalogueTests
{
    private static IReadOnlyList<string> Names => [.. ScriptCatalog.ResourceNames().Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Numbered => Names.Where(name => !ScriptCatalog.IsRepeatable(name));

    // Before this one, functions and views were made by numbered scripts.
    private static IEnumerable<string> NumberedSinceRepeatables => Numbered.Where(name => string.CompareOrdinal(name, "0022_") >= 0);

    private static IEnumerable<string> Repeatable => Names.Where(ScriptCatalog.IsRepeatable);

    [TestCaseSource(nameof(Names))]
    public void A_script_is_named_by_number_and_subject_or_lies_in_repeatable(string name) =>
        Assert.That(name, Does.Match(@"^(\d{4}_|repeatable/)[a-z_]+(\.native|\.timescale)?\.sql$"));

    [TestCaseSource(nameof(NumberedSinceRepeatables))]
    public void A_numbered_script_makes_no_function_and_no_view(string name) =>
        Assert.That(ScriptCatalog.Text(name), Does.Not.Match(@"(?im)^\s*CREATE\s+(OR\s+REPLACE\s+)?(FUNCTION|PROCEDURE|VIEW)\b"));

    // At the beginning of a line; what a function does later is indented.
    [TestCaseSource(nameof(Repeatable))]
    public void A_repeatable_script_can_run_again(string name) =>
        Assert.That(
            ScriptCatalog.Text(name),
            Does.Not.Match(@"(?im)^(CREATE(?! OR REPLACE (FUNCTION|PROCEDURE|VIEW|TRIGGER)\b)|DROP(?! VIEW IF EXISTS)|ALTER|INSERT|UPDATE|DELETE)")
                .And.Match("(?m)^CREATE OR REPLACE"));

    [TestCaseSource(nameof(Names))]
    public void A_script_says_first_why_it_is_there(string name) =>
        Assert.That(ScriptCatalog.Text(name).Split('\n')[0], Does.Match("^-- [A-Z].+"));

    [TestCaseSource(nameof(Names))]
    public void A_script_can_run_in_a_transaction_and_be_split_at_semicolons(string name) =>
        Assert.That(ScriptCatalog.Text(name), Does.Not.Match(@"(?i)\bBEGIN\s+ATOMIC\b|\bCONCURRENTLY\b|^\s*(COMMIT|ROLLBACK|VACUUM)\b"));

    [TestCaseSource(nameof(Names))]
    public void A_script_needs_no_other_client_than_a_connection(string name) =>
        Assert.That(ScriptCatalog.Text(name), Does.Not.Match(@"(?m)^\\"));

    [Test]
    public void Both_engines_run_the_same_numbers_without_a_gap()
    {
        var native = ScriptCatalog.For(DatabaseEngine.Native).Select(script => script.Name).ToList();

        Assert.That(ScriptCatalog.For(DatabaseEngine.Timescale).Select(script => script.Name), Is.EqualTo(native));
        Assert.That(
            native.Select(name => int.Parse(name[..4], System.Globalization.CultureInfo.InvariantCulture)),
            Is.EqualTo(Enumerable.Range(1, native.Count)));
    }

    [Test]
    public void Both_engines_have_the_same_repeatable_scripts() =>
        Assert.That(
            ScriptCatalog.RepeatableFor(DatabaseEngine.Timescale).Select(script => script.Name),
            Is.EqualTo(ScriptCatalog.RepeatableFor(DatabaseEngine.Native).Select(script => script.Name)).And.Not.Empty);

    [Test]
    public void Twins_come_in_pairs_and_differ()
    {
        var twins = Names.Where(name => Regex.IsMatch(name, @"\.(native|timescale)\.sql$")).ToLookup(name => name.Split('.')[0]);

        Assert.That(twins, Is.Not.Empty);
        foreach (var pair in twins)
        {
            Assert.That(pair, Is.EqualTo((string[])[$"{pair.Key}.native.sql", $"{pair.Key}.timescale.sql"]));
            Assert.That(ScriptCatalog.Text(pair.First()), Is.Not.EqualTo(ScriptCatalog.Text(pair.Last())));
            Assert.That(Names, Does.Not.Contain($"{pair.Key}.sql"));
        }
    }

    [Test]
    public void The_engines_get_their_own_twin()
    {
        Assert.That(Text(DatabaseEngine.Native), Does.Contain("'native'"));
        Assert.That(Text(DatabaseEngine.Timescale), Does.Contain("'timescale'"));

        static string Text(DatabaseEngine engine) =>
            ScriptCatalog.For(engine).Single(script => script.Name == "0001_time_tables.sql").Contents;
    }
}
