using Attune.Web.Pages.Backtests;

namespace Attune.Tests.Web;

public sealed class DraftMistakeTests
{
    private const string Text = """
        [
          {"field": "é", "operator": "is"},
          {"field": {"operator": 1}, "value": [1, 2], "operator": "équals"}
        ]
        """;

    [TestCase("conditions[0].operator", 2, 30)]
    [TestCase("conditions[1].operator", 3, 59)]
    [TestCase("conditions[1].field", 3, 13)]
    [TestCase("conditions[0].value", 2, 3)]
    [TestCase("conditions[1].value[1]", 3, 43)]
    public void A_refusal_is_shown_at_its_place_or_at_the_condition_that_lacks_it(string field, int line, int column)
    {
        var mistake = DraftMistake.Of(Text, RefusedException.Invalid(field, "wrong"));

        Assert.That((mistake.Line, mistake.Column), Is.EqualTo((line, column)));
    }

    [TestCase("conditions")]
    [TestCase("conditions[7].field")]
    [TestCase("trigger_ref")]
    public void A_refusal_of_what_is_not_in_the_text_has_no_place(string field)
    {
        Assert.That(DraftMistake.Of(Text, RefusedException.Invalid(field, "wrong")), Is.EqualTo(new DraftMistake("wrong")));
    }

    [TestCase("[1,\n  é 2]", 2, 3)]
    [TestCase("[", 1, 2)]
    [TestCase("[{\"a\": 1},]", 1, 11)]
    public void A_text_is_shown_where_it_ceases_to_be_JSON(string text, int line, int column)
    {
        var (value, mistake) = DraftMistake.Read(text);

        Assert.That(value, Is.Null);
        Assert.That((mistake!.Line, mistake.Column), Is.EqualTo((line, column)));
    }

    [Test]
    public void An_empty_draft_is_told_what_no_conditions_look_like()
    {
        Assert.That(DraftMistake.Read(" \n").Mistake!.Text, Does.Contain("[]"));
    }

    [Test]
    public void A_long_line_is_cut_around_the_place()
    {
        var text = $"[{new string('1', 400)} x]";

        var excerpt = DraftMistake.Read(text).Mistake!.Excerpt!.Split('\n');

        Assert.That(excerpt[0].Length, Is.LessThan(80));
        Assert.That(excerpt[0][excerpt[1].IndexOf('^', StringComparison.Ordinal)], Is.EqualTo('x'));
    }
}
