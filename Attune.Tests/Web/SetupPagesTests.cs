using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Actions;
using Attune.Web.Pages.Packs;
using Bunit;

namespace Attune.Tests.Web;

public sealed class SetupPagesTests : PageTest
{
    [Test]
    public void The_page_of_an_action_reads_its_schema_as_a_table()
    {
        AddAction("ops.deploy", """
            {"host": {"type": "string", "required": true, "description": "Where to"}, "token": {"type": "string", "secret": true},
             "tries": {"type": "integer", "minimum": 1, "maximum": 5, "default": 3}, "mode": {"enum": ["fast", "safe"]}}
            """);

        var page = Open<ActionPage>(one => one.Add(action => action.Reference, "ops.deploy"));

        var rows = page.Panel("Parameters").QuerySelectorAll("tbody tr").Select(row => row.TextContent).ToList();
        Assert.That(rows, Has.Count.EqualTo(4));
        Assert.That(rows[0], Does.Contain("required").And.Contain("Where to"));
        Assert.That(rows[1], Does.Contain("secret"));
        Assert.That(rows[2], Does.Contain("1 to 5").And.Contain("3"));
        Assert.That(rows[3], Does.Contain("fast, safe"));
    }

    [Test]
    public void Actions_are_narrowed_by_what_the_address_says()
    {
        AddAction("ops.deploy");
        AddAction("ops.page");
        AddAction("shop.refund");

        Assert.That(Shown("actions?pack=ops"), Is.EqualTo((string[])["ops.deploy", "ops.page"]));
        Assert.That(Shown("actions?q=PAGE"), Is.EqualTo((string[])["ops.page"]));
    }

    [Test]
    public async Task A_config_that_is_not_JSON_is_told_by_line_and_column_and_stays()
    {
        Attune.Packs.Add(new() { Ref = "shop", Label = "Shop", Config = FakeAttune.Json("""{"desk": "d1"}""") });
        var page = Open<PackEditPage>(one => one.Add(form => form.Reference, "shop"));
        await page.Find("#config").ChangeAsync(new() { Value = "{\n\"desk\": d2}" });

        await page.Find("form").SubmitAsync();

        Assert.That(page.Find("[data-field='config'] .mistake").TextContent, Does.StartWith("Line 2, column 9"));
        Assert.That(page.Find("#config").GetAttribute("value"), Does.Contain("d2"));
        Assert.That(Attune.Packs.Single().Config!.Value.GetProperty("desk").GetString(), Is.EqualTo("d1"));
    }

    private IReadOnlyList<string> Shown(string address) =>
        [.. OpenAt<ActionsPage>(address).FindAll("a.open").Select(link => link.TextContent)];

    private void AddAction(string reference, string? schema = null) => Attune.Actions.Add(new()
    {
        Id = Attune.NextId(), Ref = reference, PackRef = reference.Split('.')[0], Label = reference, MaxRetries = 0, IsAdhoc = true,
        ParamSchema = schema is null ? null : FakeAttune.Json(schema), Created = Now, Updated = Now,
    });
}
