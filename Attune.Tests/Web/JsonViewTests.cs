using Attune.Tests.Web.Fakes;
using Attune.Web.Json;
using Bunit;

namespace Attune.Tests.Web;

public sealed class JsonViewTests : PageTest
{
    [Test]
    public void A_megabyte_is_drawn_in_few_rows()
    {
        var text = new string('x', 80);
        var items = string.Join(',', Enumerable.Range(0, 10_000).Select(number => $$"""{"number": {{number}}, "text": "{{text}}"}"""));

        var view = OpenView($$"""{"items": [{{items}}], "last": true}""");

        Assert.That(view.FindAll(".row"), Has.Count.LessThan(JsonTree.FirstRows + JsonTree.Batch));
        Assert.That(view.Markup, Does.Contain("[10,000 items]"));
    }

    [Test]
    public async Task A_folded_row_opens_with_a_click()
    {
        var view = OpenView($$"""{"many": [{{string.Join(',', Enumerable.Range(0, 30))}}]}""");
        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(2));

        await view.FindAll("button.fold")[1].ClickAsync(new());

        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(32));
        Assert.That(view.FindAll("[aria-expanded=true]"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_row_that_was_opened_stays_open_when_the_same_value_is_read_again()
    {
        var json = $$"""{"many": [{{string.Join(',', Enumerable.Range(0, 30))}}]}""";
        var view = OpenView(json);
        await view.FindAll("button.fold")[1].ClickAsync(new());

        view.Render(parameters => parameters.Add(one => one.Value, FakeAttune.Json(json)));
        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(32));

        view.Render(parameters => parameters.Add(one => one.Value, FakeAttune.Json("""{"other": 1}""")));
        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(2));
    }

    [Test]
    public void Markup_in_keys_and_values_is_text()
    {
        var view = OpenView("""{"<b onclick=x>": "</span><script>alert(1)</script>"}""");

        Assert.That(view.FindAll("b, script"), Is.Empty);
        Assert.That(view.Find(".key").TextContent, Is.EqualTo("<b onclick=x>"));
        Assert.That(view.Find(".value").TextContent, Is.EqualTo("\"</span><script>alert(1)</script>\""));
    }

    private IRenderedComponent<JsonView> OpenView(string json) => Open<JsonView>(parameters => parameters
        .Add(view => view.Title, "Payload")
        .Add(view => view.Value, FakeAttune.Json(json)));
}
