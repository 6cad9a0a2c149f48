using System.Text.Json.Nodes;
using Attune.Host.Files;

namespace Attune.Tests.Packs;

/// <summary>What YAML comes to, by the core schema of version 1.2, and what is no file of rules.</summary>
[TestFixture]
public sealed class ReadingYamlTests
{
    [TestCase("on", "\"on\"")]
    [TestCase("yes", "\"yes\"")]
    [TestCase("NO", "\"NO\"")]
    [TestCase("true", "true")]
    [TestCase("False", "false")]
    [TestCase("~", "null")]
    [TestCase("", "null")]
    [TestCase("1e3", "1e3")]
    [TestCase("0123", "123")]
    [TestCase("0o17", "15")]
    [TestCase("0xfF", "255")]
    [TestCase("+.5", "0.5")]
    [TestCase("-5.", "-5")]
    [TestCase("1_000", "\"1_000\"")]
    [TestCase("12:30:45", "\"12:30:45\"")]
    [TestCase("2026-01-31", "\"2026-01-31\"")]
    [TestCase("2026-01-31T10:00:00Z", "\"2026-01-31T10:00:00Z\"")]
    [TestCase("!!str 12", "\"12\"")]
    [TestCase("! 12", "\"12\"")]
    [TestCase("\"12\"", "\"12\"")]
    [TestCase("!!int '12'", "12")]
    [TestCase("99999999999999999999999", "99999999999999999999999")]
    public void A_scalar_is_read_by_the_core_schema(string scalar, string json) =>
        Assert.That(Read($"a: {scalar}\n").Find("a")!.Value.ToJson().GetRawText(), Is.EqualTo(json));

    [TestCase("a: .inf\n", 1, 4)]
    [TestCase("a: .NaN\n", 1, 4)]
    [TestCase("a: 1\nb: 2\na: 3\n", 3, 1)]
    [TestCase("a: !!python/object x\n", 1, 4)]
    [TestCase("a: !!binary aGk=\n", 1, 4)]
    [TestCase("a: !!int x\n", 1, 4)]
    [TestCase("b: &x {c: 1}\na:\n  <<: *x\n", 3, 3)]
    public void A_mistake_that_can_be_passed_over_is_told_with_its_place(string text, int line, int column)
    {
        var mistakes = new List<(FileMark At, string Text)>();

        YamlSource.Read(text, (at, mistake) => mistakes.Add((at, mistake)), (_, _) => { });

        Assert.That(mistakes.Select(one => one.At), Is.EqualTo((FileMark[])[new(line, column)]));
    }

    [TestCase("", 1, 1, "holds nothing")]
    [TestCase("a: 1\n---\nb: 2\n", 2, 1, "second document")]
    [TestCase("a:\n\tb: 1\n", 2, 1, "tab")]
    [TestCase("a: [1, 2\n", 2, 1, "no YAML")]
    [TestCase("a: *b\n", 1, 4, "")]
    [TestCase("a: &b\n  c: *b\n", 2, 6, "stands for what holds it")]
    [TestCase("? [a]\n: b\n", 1, 3, "must be a text")]
    public void Text_that_is_no_file_of_rules_is_told_with_its_place(string text, int line, int column, string said)
    {
        var refused = Assert.Throws<UnreadableFileException>(() => Read(text));

        Assert.That(refused!.Message, Does.Contain(said));
        Assert.That(refused.At, Is.EqualTo(new FileMark(line, column)));
    }

    [Test]
    public void Aliases_that_come_to_billions_of_values_are_refused()
    {
        var laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + string.Concat(Enumerable.Range(1, 20)
            .Select(level => $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n"));

        Assert.Throws<UnreadableFileException>(() => Read(laughs));
    }

    [Test]
    public void An_alias_stands_for_what_was_named()
    {
        var root = Read("a: &x [1, {b: c}]\nd: *x\n");

        Assert.That(root.ToJson().GetRawText(), Is.EqualTo("""{"a":[1,{"b":"c"}],"d":[1,{"b":"c"}]}"""));
    }

    [Test]
    public void Nesting_that_would_end_the_program_is_refused() =>
        Assert.Throws<UnreadableFileException>(() => Read("a: " + new string('[', 100_000)));

    [TestCase("conditions[1].operator", 5, 5)]
    [TestCase("conditions[1].value", 4, 5)]
    [TestCase("conditions[7]", 1, 1)]
    [TestCase("labels.app.kubernetes.io/name", 7, 3)]
    [TestCase("missing", 1, 1)]
    public void A_place_is_found_or_else_what_is_around_it(string place, int line, int column)
    {
        var root = Read("conditions:\n  - field: a\n    operator: b\n  - field: c\n    operator: d\nlabels:\n"
            + "  app.kubernetes.io/name: x\n");

        Assert.That(root.Locate(place), Is.EqualTo(new FileMark(line, column)));
    }

    [Test]
    public void Whatever_JSON_holds_is_the_same_after_it_was_written_as_YAML()
    {
        string[] texts =
        [
            "", " ", "yes", "on", "n", "null", "~", "0123", "1e3", "1_000", "2026-01-01", "12:30", "a: b", "a #b", "- a", "? a", "# a",
            "'", "\"",
            "\\", "{{ event.payload.x }}", "[a]", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "first\nsecond", "first\nsecond\n",
            "\n", "\n\n",
            " first\nsecond", "first \nsecond", "first\n\n\nsecond\n\n", "tab\there", "\r\n", "\u0000".Replace('\0', '\u0001'), "\u0085",
            "\u2028", "\u202E", "\uFEFFx", "😀", "é", "<<", "=", ".inf", "---", "...", "a\n---\nb", "trailing ", "true", "key:", ":",
            "a:b", "x\n# no comment",
            "\u00A0x", "٣", new string('x', 5_000), "http://example.org/?a=b&c", "💥\n💥",
        ];
        var root = new JsonObject
        {
            ["texts"] = new JsonArray([.. texts.Select(text => (JsonNode?)text)]),
            ["members"] = new JsonObject(texts.Where(text => text.Length < 900).Select(text => KeyValuePair.Create(text, (JsonNode?)text))),
            ["nested"] = JsonNode.Parse(
                """[[], {}, [[1], [2, [3]]], {"a": [], "b": {}, "c": [{"d": [{"e": null}]}]}, -1.5, 1e-7, true, null]"""),
        };

        var written = YamlText.Of(root);
        var read = Read(written);

        Assert.That(JsonNode.DeepEquals(JsonNode.Parse(read.ToJson().GetRawText()), root), Is.True, () => written);
        Assert.That(YamlText.Of((JsonObject)JsonNode.Parse(read.ToJson().GetRawText())!), Is.EqualTo(written));
    }

    [TestCase("{\"a\": 1, \"a\": 2}", 1, 10)]
    [TestCase("{\"é\": 1,\n \"é\": 2}", 2, 2)]
    public void A_name_that_comes_twice_in_JSON_is_told_with_its_place(string text, int line, int column)
    {
        var mistakes = new List<FileMark>();

        JsonSource.Read(text, (at, _) => mistakes.Add(at));

        Assert.That(mistakes, Is.EqualTo((FileMark[])[new(line, column)]));
    }

    [TestCase("{\"a\": }", 1, 7)]
    [TestCase("{\n  \"a\": 1,\n}", 3, 1)]
    [TestCase("{} {}", 1, 4)]
    [TestCase("{\"a\": \"\\ud800\"}", 1, 1)]
    public void Text_that_is_no_JSON_is_told_with_its_place(string text, int line, int column) => Assert.That(
        Assert.Throws<UnreadableFileException>(() => JsonSource.Read(text, (_, _) => { }))!.At, Is.EqualTo(new FileMark(line, column)));

    private static FileNode Read(string text) =>
        YamlSource.Read(text, (at, mistake) => Assert.Fail($"{at}: {mistake}"), (_, _) => { });
}
