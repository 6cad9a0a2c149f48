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
        Assert.That(tree.Rows, Has.Count.EqualTo(JsonTree.Batch + 2));

        tree.More(tree.Rows[0]);

        Assert.That(tree.Rows, Has.Count.EqualTo((2 * JsonTree.Batch) + 2));
        Assert.That(tree.Rows[^2].Name, Is.EqualTo("199"));
        Assert.That(tree.Rows[^1].IsMore, Is.True);
    }

    [Test]
    public void The_last_batch_has_no_more()
    {
        var tree = Tree($"[{string.Join(',', Enumerable.Range(0, 150))}]");

        tree.More(tree.Rows[0]);

        Assert.That(tree.Rows, Has.Count.EqualTo(151));
        Assert.That(tree.Rows[^1].Text, Is.EqualTo("149"));
    }

    [Test]
    public void A_value_128_levels_deep_opens_level_by_level()
    {
        var tree = Tree(string.Concat(Enumerable.Repeat("[", 127)) + string.Concat(Enumerable.Repeat("]", 127)));
        Assert.That(tree.Rows, Has.Count.LessThan(10));

        tree.OpenAll();

        Assert.That(tree.Rows[^1].Depth, Is.EqualTo(126));
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
