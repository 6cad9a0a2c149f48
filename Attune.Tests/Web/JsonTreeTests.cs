using System.Text.Encodings.Web;
using System.Text.Json;
using Attune.Tests.Web.Fakes;
using Attune.Web.Json;

namespace Attune.Tests.Web;

public sealed class JsonTreeTests
{
    [TestCase("gnp\u202e.exe", @"""gnp\u202e.exe""")]
    [TestCase("a\u200bb\ufeff", @"""a\u200bb\ufeff""")]
    [TestCase("👩\u200d💻 é שלום", "\"👩\u200d💻 é שלום\"")]
    public void Characters_that_turn_or_hide_what_is_read_are_spelled_out_and_others_stay(string text, string shown)
    {
        var tree = new JsonTree(JsonElement.Parse($$"""{"{{text}}": "{{text}}"}"""));

        Assert.That(tree.Rows[1].Text, Is.EqualTo(shown));
        Assert.That(tree.Rows[1].Name, Is.EqualTo(shown[1..^1]));
    }

    [Test]
    public void A_small_value_is_open_at_once()
    {
        var tree = Tree("""{"a": 1, "b": {"c": [true, null]}}""");

        Assert.That(tree.Rows.Select(row => row.Name), Is.EqualTo((string?[])[null, "a", "b", "c", "0", "1"]));
    }

    [Test]
    public void Ten_thousand_items_are_shown_a_batch_at_a_time()
    {
        var tree = Tree($"[{string.Join(',', Enumerable.Range(0, 10_000))}]");
        Assert.That(tree.Rows, Has.Count.EqualTo(JsonTree.FirstItems + 2));

        tree.More(tree.Rows[0]);

        Assert.That(tree.Rows, Has.Count.EqualTo(JsonTree.FirstItems + JsonTree.Batch + 2));
        Assert.That(tree.Rows[^2].Name, Is.EqualTo("119"));
        Assert.That(tree.Rows[^1].IsMore, Is.True);
    }

    [Test]
    public void The_last_batch_has_no_more()
    {
        var tree = Tree($"[{string.Join(',', Enumerable.Range(0, 110))}]");

        tree.More(tree.Rows[0]);

        Assert.That(tree.Rows, Has.Count.EqualTo(111));
        Assert.That(tree.Rows[^1].Text, Is.EqualTo("109"));
    }

    [Test]
    public void A_value_128_levels_deep_opens_level_by_level()
    {
        var tree = Tree(string.Concat(Enumerable.Repeat("[", 127)) + string.Concat(Enumerable.Repeat("]", 127)));

        Assert.That(tree.Rows[^1].Depth, Is.EqualTo(126));
    }

    [Test]
    public void What_is_small_is_open_however_deep_and_what_is_wide_is_folded()
    {
        var tree = Tree("{\"wide\": [" + string.Join(',', Enumerable.Range(0, 21)) + """], "deep": {"a": {"b": {"c": {"d": [1, 2]}}}}}""");

        Assert.That(tree.Rows.Select(row => row.Name), Is.EqualTo((string?[])[null, "wide", "deep", "a", "b", "c", "d", "0", "1"]));
    }

    [Test]
    public void Not_more_than_two_hundred_rows_are_open_at_first()
    {
        var tree = Tree($"[{string.Join(',', Enumerable.Repeat("""{"a": {"b": [1, 2, 3, 4, 5, 6]}}""", 20))}]");

        Assert.That(tree.Rows, Has.Count.LessThanOrEqualTo(JsonTree.FirstRows).And.Count.GreaterThan(60));
    }

    [Test]
    public void A_large_value_is_folded_at_first()
    {
        var tree = Tree($$"""{"text": "{{new string('x', JsonTree.Large)}}"}""");

        Assert.That(tree.Rows, Has.Count.EqualTo(1));
        tree.Toggle(tree.Rows[0]);
        Assert.That(tree.Rows, Has.Count.EqualTo(2));
    }

    [Test]
    public void What_is_looked_for_is_found_in_keys_and_values_and_opened_wherever_it_is()
    {
        var items = string.Join(',', Enumerable.Range(0, 5_000).Select(number => $$"""{"number": {{number}}, "text": "{{(number == 4_321 ? "Needle" : "hay")}}"}"""));
        var tree = Tree($$"""{"needles": 1, "items": [{{items}}], "flag": true}""");

        var found = JsonSearch.Find(tree.Value, "needle", CancellationToken.None);
        var rows = found.Select(tree.Reveal).ToList();

        Assert.That(rows.Select(row => (row.Name, row.Text)), Is.EqualTo(((string?, string)[])[("needles", "1"), ("text", "\"Needle\"")]));
        Assert.That(rows[1].Owner!.Position, Is.EqualTo(4_321));
        Assert.That(tree.Rows, Has.Count.LessThan(100), "what comes before is left out");
        var before = tree.Rows.Single(row => row.IsBefore);
        var first = before.Owner!.From;
        tree.Before(before.Owner);
        Assert.That(before.Owner.From, Is.EqualTo(first - JsonTree.Batch));
        Assert.That(tree.Rows.First(row => row.Owner == before.Owner && !row.IsBefore).Position, Is.EqualTo(first - JsonTree.Batch));
        Assert.That(JsonSearch.Find(tree.Value, "number", CancellationToken.None), Has.Count.EqualTo(JsonSearch.Most));
    }

    [Test]
    public void The_path_of_a_leaf_is_one_that_conditions_can_name()
    {
        var tree = Tree("""{"a.b": [{"all": 1, "and so": "x\"y"}], "not": null, "\u05d0": true}""");

        Assert.That(
            tree.Rows.Where(row => !row.IsContainer).Select(row => LeafText.Condition(row, "", "==")),
            Is.EqualTo((string[])["$[\"a.b\"][0].all == 1", "$[\"a.b\"][0][\"and so\"] == \"x\\\"y\"", "$.not == null", "א == true"]));
        Assert.That(LeafText.Condition(tree.Rows[^1], "result", "!="), Is.EqualTo("result.א != true"));
    }

    [Test]
    public void Opening_everything_stops_at_a_limit()
    {
        var tree = Tree($"[{string.Join(',', Enumerable.Repeat($"[{string.Join(',', Enumerable.Range(0, 90))}]", 90))}]");

        tree.OpenAll();

        Assert.That(tree.Rows, Has.Count.LessThanOrEqualTo(JsonTree.AllRows));
    }

    [Test]
    public void A_row_closes_with_all_that_is_below_it()
    {
        var tree = Tree("""{"a": {"b": {"c": 1}}, "d": 2}""");

        tree.Toggle(tree.Rows[1]);
        Assert.That(tree.Rows.Select(row => row.Name), Is.EqualTo((string?[])[null, "a", "d"]));

        tree.Toggle(tree.Rows[1]);
        Assert.That(tree.Rows.Select(row => row.Name), Is.EqualTo((string?[])[null, "a", "b", "d"]));
    }

    [Test]
    public void A_long_text_is_shown_in_parts_that_never_split_a_character()
    {
        var tree = Tree(JsonSerializer.Serialize(new string('x', JsonRow.FirstCharacters - 2) + "😀" + new string('y', 50_000), Relaxed));
        var row = tree.Rows[0];
        Assert.That(char.IsHighSurrogate(row.Text[^1]), Is.False);
        Assert.That(row.HiddenCharacters, Is.GreaterThan(50_000));

        while (row.HiddenCharacters > 0)
        {
            row.ShowMoreText();
        }

        Assert.That(row.Text, Does.EndWith("yyy\""));
    }

    [Test]
    public void Numbers_keep_every_digit()
    {
        const string number = "12345678901234567890.123456789012345678901234567890";

        Assert.That(Tree(number).Rows[0].Text, Is.EqualTo(number));
    }

    [Test]
    public void The_copied_text_is_the_whole_value()
    {
        const string json = """{"a":"<b>&amp;</b>","n":[1,2,{"deep":"é"}]}""";

        var copied = Tree(json).ToIndentedText();

        Assert.That(copied, Does.Contain("<b>&amp;</b>").And.Contain("é"));
        Assert.That(JsonElement.DeepEquals(FakeAttune.Json(copied), FakeAttune.Json(json)), Is.True);
    }

    private static readonly JsonSerializerOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static JsonTree Tree(string json) => new(FakeAttune.Json(json));
}
