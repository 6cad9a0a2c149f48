using Attune.Tests.Web.Fakes;
using Attune.Web.Json;
using Bunit;

namespace Attune.Tests.Web;

public sealed class JsonViewTests : PageTest
{
    [Test]
    public async Task A_megabyte_is_drawn_in_few_rows()
    {
        var text = new string('x', 80);
        var items = string.Join(',', Enumerable.Range(0, 10_000).Select(number => $$"""{"number": {{number}}, "text": "{{text}}"}"""));

        var view = OpenView($$"""{"items": [{{items}}], "last": true}""");

        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(1));
        await view.Find("button.fold").ClickAsync(new());
        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(3));
        Assert.That(view.Markup, Does.Contain("[10,000 items]"));
        await view.FindAll("button.fold")[1].ClickAsync(new());
        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(3 + JsonTree.FirstItems + 1));
    }

    [Test]
    public async Task A_folded_row_opens_with_a_click()
    {
        var view = OpenView($$"""{"many": [{{string.Join(',', Enumerable.Range(0, 30))}}]}""");
        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(2));

        await view.FindAll("button.fold")[1].ClickAsync(new());

        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(23));
        Assert.That(view.FindAll("[aria-expanded=true]"), Has.Count.EqualTo(2));
    }

    [Test]
    public async Task A_row_that_was_opened_stays_open_when_the_same_value_is_read_again()
    {
        var json = $$"""{"many": [{{string.Join(',', Enumerable.Range(0, 30))}}]}""";
        var view = OpenView(json);
        await view.FindAll("button.fold")[1].ClickAsync(new());

        view.Render(parameters => parameters.Add(one => one.Value, FakeAttune.Json(json)));
        Assert.That(view.FindAll(".row"), Has.Count.EqualTo(23));

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

    [Test]
    public void A_key_and_its_value_are_each_isolated_and_the_colon_stands_between_them()
    {
        var view = OpenView("""{"\u05e9\u05dd": "\u05d3\u05d5\u05d3"}""");

        Assert.That(view.Find(".leaf").Children.Select(child => (child.TagName, child.ClassList[0])), Is.EqualTo(
            ((string, string)[])[("BDI", "key"), ("SPAN", "colon"), ("BDI", "value")]));
    }

    [Test]
    public async Task A_leaf_offers_to_filter_by_it_to_use_it_in_a_rule_and_to_copy_it()
    {
        var view = Open<JsonView>(parameters => parameters
            .Add(one => one.Title, "Payload")
            .Add(one => one.Value, FakeAttune.Json("""{"user": {"name": "a\"b"}}"""))
            .Add(one => one.Leaves, LeafContexts.OfPayload("github.push")));

        await view.Find("[data-leaf]").ClickAsync(new());

        Assert.That(view.FindAll("[role=menu]"), Has.Count.EqualTo(1));
        Assert.That(view.FindAll("[role=menuitem]").Select(item => item.TextContent.Trim()), Is.EqualTo(
            (string[])["Filter by this value", "Exclude this value", "Use as condition of a rule", "Copy value", "Copy path", "Chart it"]));
        Assert.That(view.FindAll("a[role=menuitem]").Select(item => Uri.UnescapeDataString(item.GetAttribute("href")!)), Is.EqualTo(
            (string[])
            [
                "events?trigger=github.push&q=user.name == \"a\\\"b\"", "events?trigger=github.push&q=user.name != \"a\\\"b\"",
                "rules/new?trigger=github.push&expression=user.name == \"a\\\"b\"", "events?trigger=github.push&chart=user.name",
            ]));
    }

    [Test]
    public async Task What_is_found_is_counted_and_gone_through_by_enter()
    {
        var view = OpenView("""{"a": "needle", "b": {"c": "x", "needle": 2}}""");

        await view.Find("input[type=search]").InputAsync("NEEDLE");
        view.WaitForState(() => view.FindAll(".count").Count == 1);
        Assert.That(view.Find(".count").TextContent, Is.EqualTo("1 of 2"));
        await view.Find("input[type=search]").KeyDownAsync(Key.Enter);

        Assert.That(view.Find(".count").TextContent, Is.EqualTo("2 of 2"));
        Assert.That(view.Find(".found .key").TextContent, Is.EqualTo("needle"));
    }

    private IRenderedComponent<JsonView> OpenView(string json) => Open<JsonView>(parameters => parameters
        .Add(view => view.Title, "Payload")
        .Add(view => view.Value, FakeAttune.Json(json)));
}
