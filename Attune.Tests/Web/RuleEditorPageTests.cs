using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Rules.Editing;
using Bunit;

namespace Attune.Tests.Web;

public sealed class RuleEditorPageTests : PageTest
{
    private const string Payload = """{"total": 70, "user": {"name": "Ada"}}""";

    private const string TwoConditions =
        """[{"field": "total", "operator": "greater_than", "value": 100}, {"field": "user.name", "operator": "equals", "value": "Ada"}]""";

    [Test]
    public void The_newest_event_of_the_trigger_stands_beside_and_each_row_says_what_it_comes_to()
    {
        Attune.AddEvent("shop.order", """{"total": 500}""", created: Now.AddMinutes(-1));
        var newest = Attune.AddEvent("shop.order", Payload);
        AddRule("shop.big", conditions: TwoConditions, triggerRef: "shop.order");

        var page = OpenEditor("shop.big");

        Assert.That(page.Find(".choose a.number").TextContent, Is.EqualTo($"#{newest.Id}"));
        Assert.That(page.FindAll(".row .tested").Select(row => Words(row.TextContent)), Is.EqualTo((string[])["Falsewas 70", "Truewas \"Ada\""]));
        Assert.That(page.Find(".beside .chip").TextContent.Trim(), Is.EqualTo("Does not match"));
        Assert.That(
            page.FindAll(".leaves li").Select(leaf => leaf.ClassName), Is.EqualTo((string?[])["false", "true"]), "total, then user.name");
    }

    [Test]
    public async Task A_change_in_the_form_changes_the_text_and_a_change_of_the_text_the_form()
    {
        AddRule("shop.big", conditions: TwoConditions);
        var page = OpenEditor("shop.big");

        await page.FindAll(".value")[0].InputAsync("200");
        await SettleAsync(page, () => Text(page) == """total > 200 and user.name == "Ada" """.Trim());

        await page.Find("#f-text").InputAsync("not (a == 1 or b contains \"x\")");
        await SettleAsync(page, () => page.FindAll(".row").Count == 2 && page.FindAll(".group").Count == 2);
        Assert.That(page.FindAll(".group .kind")[1].GetAttribute("value"), Is.EqualTo("None"));
        Assert.That(page.FindAll(".path input").Select(field => field.GetAttribute("value")), Is.EqualTo((string[])["a", "b"]));
    }

    [Test]
    public async Task Paths_trigger_and_action_are_suggested_and_what_is_typed_stands_without_being_chosen()
    {
        AddTrigger("shop.order");
        AddAction("core.mail", """{"to": {"type": "string"}}""");
        Attune.AddEvent("shop.order", Payload);
        Trials.Fields.AddRange([Field("total", "number"), Field("user.name", "text")]);
        var page = OpenNew("?trigger=shop.order&expression=x+%3E+5");
        await SettleAsync(page, () => page.FindAll(".row").Count == 1);

        await page.Find(".path input").InputAsync("na");
        Assert.That(page.FindAll(".path [role=option] bdi").Select(one => one.TextContent), Is.EqualTo((string[])["user.name"]));
        Assert.That(page.Find(".path .about").TextContent, Is.EqualTo("text"));
        await page.Find(".path input").KeyDownAsync(Key.Down);
        await page.Find(".path input").KeyDownAsync(Key.Enter);
        await SettleAsync(page, () => Text(page).StartsWith("user.name ", StringComparison.Ordinal));

        await page.Find("#f-action").InputAsync("core.mail");
        Assert.That(page.FindAll("#f-param-to"), Is.Empty, "it is being typed");
        await page.Find("#f-action").BlurAsync(new());
        page.Until(() => page.FindAll("#f-param-to").Count == 1);
        Assert.That(page.Find("#f-action").GetAttribute("aria-describedby"), Is.EqualTo(page.Find("[data-field=f-action] .about").Id));

        await page.Find("#f-trigger").InputAsync("shop.refund");
        await page.Find("#f-trigger").KeyDownAsync(Key.Enter);
        Assert.That(page.Find("#f-trigger").GetAttribute("value"), Is.EqualTo("shop.refund"));
    }

    [Test]
    public async Task A_text_that_cannot_be_read_says_where_and_the_form_stays()
    {
        AddRule("shop.big", conditions: TwoConditions);
        var page = OpenEditor("shop.big");

        await page.Find("#f-text").InputAsync("total >");
        await SettleAsync(page, () => page.FindAll("#f-text-wrong .mistake").Count == 1);

        Assert.That(page.Find("#f-text-wrong").TextContent, Does.Contain("1:8"));
        Assert.That(page.FindAll(".row"), Has.Count.EqualTo(2));
        await SaveAsync(page);
        Assert.That(page.Find("#refused").TextContent, Does.Contain("The conditions' text cannot be read"));
        Assert.That(Rules.Updates, Is.Empty);
    }

    [Test]
    public void Conditions_that_no_form_shows_are_text_with_the_reason()
    {
        AddRule("shop.big", conditions: """[{"field": "a", "operator": "equals", "value": "two\nlines"}]""");

        var page = OpenEditor("shop.big");

        Assert.That(page.Find(".conditions .notice").TextContent, Does.Contain("more than one line"));
        Assert.That(page.FindAll(".row"), Is.Empty);
    }

    [Test]
    public async Task A_rule_is_made_of_what_stands_in_the_fields()
    {
        AddTrigger("shop.order");
        AddAction("core.mail", """{"to": {"type": "string", "required": true}, "copies": {"type": "integer"}}""");
        var page = OpenNew("?trigger=shop.order&action=core.mail&expression=total+%3E+5");
        await SettleAsync(page, () => page.FindAll(".row").Count == 1);

        await page.Find("#f-ref").InputAsync("shop.big");
        await page.Find("#f-label").InputAsync("Big");
        await page.Find("#f-param-to").InputAsync("{{ event.payload.mail }}");
        await page.Find("#f-param-copies").InputAsync("2");
        await SaveAsync(page);

        var made = Attune.Rules["shop.big"];
        Assert.That(made.Conditions.GetRawText(), Is.EqualTo("""[{"field":"total","operator":"greater_than","value":5}]"""));
        Assert.That(made.ActionParams.GetRawText(), Is.EqualTo("""{"to":"{{ event.payload.mail }}","copies":2}"""));
        Assert.That(Address, Is.EqualTo("rules/shop.big"));
    }

    [Test]
    public async Task What_the_server_refuses_stands_at_its_field_and_nothing_is_lost()
    {
        AddRule("shop.big", conditions: TwoConditions);
        var page = OpenEditor("shop.big");
        await page.Find("#f-label").InputAsync("Other");
        Rules.Refusal = RefusedException.Invalid("conditions[1].value", "conditions[1].value must be nicer.");

        await SaveAsync(page);

        Assert.That(page.FindAll(".row")[1].QuerySelector(".mistake")!.TextContent, Does.Contain("must be nicer"));
        Assert.That(page.Find("#f-label").GetAttribute("value"), Is.EqualTo("Other"));
        Assert.That(page.Find("#refused").TextContent, Does.Contain("It has not been saved."));
    }

    [Test]
    public async Task Only_what_was_changed_is_sent()
    {
        AddRule("shop.big", conditions: TwoConditions);
        var page = OpenEditor("shop.big");

        await page.Find("#f-label").InputAsync("Other");
        await SaveAsync(page);

        Assert.That(Rules.Updates, Is.EqualTo((RuleUpdate[])[new() { Label = "Other", ExpectedVersion = 1 }]));
    }

    [Test]
    public async Task A_rule_that_was_changed_meanwhile_is_said_with_the_difference_and_not_overwritten()
    {
        var rule = AddRule("shop.big", conditions: TwoConditions);
        Attune.Versions.Add(Version(rule, 1));
        var page = OpenEditor("shop.big");
        await page.FindAll(".value")[0].InputAsync("200");
        var other = rule with { Version = 2, Conditions = FakeAttune.Json("""[{"field": "total", "operator": "exists"}]""") };
        Attune.Rules["shop.big"] = other;
        Attune.Versions.Add(Version(other, 2));

        await SaveAsync(page);

        Assert.That(page.Find("#conflict").TextContent, Does.Contain("at version 2 now").And.Contain("conditions[0].operator"));
        Assert.That(Rules.Updates, Is.Empty);

        await page.FindAll("#conflict button").Single(button => button.TextContent.Contains("on top", StringComparison.Ordinal)).ClickAsync(new());
        Assert.That(Attune.Rules["shop.big"].Conditions[0].GetProperty("value").GetInt32(), Is.EqualTo(200));
    }

    [Test]
    public async Task A_value_of_the_payload_becomes_a_condition()
    {
        Attune.AddEvent("shop.order", Payload);
        AddRule("shop.big", triggerRef: "shop.order");
        var page = OpenEditor("shop.big");

        await page.FindAll(".leaves button")[1].ClickAsync(new());

        await SettleAsync(page, () => Text(page) == """user.name == "Ada" """.Trim());
    }

    [Test]
    public void A_secret_parameter_is_not_on_the_page()
    {
        AddAction("core.mail", """{"password": {"type": "string", "secret": true}}""");
        Attune.Rules["shop.big"] = AddRule("shop.big") with
        {
            ActionRef = "core.mail", ActionParams = FakeAttune.Json("""{"password": "hunter2"}"""),
        };

        var page = OpenEditor("shop.big");

        Assert.That(page.Markup, Does.Not.Contain("hunter2"));
        Assert.That(page.Find("#f-param-password").GetAttribute("placeholder"), Is.EqualTo("Stays as it is"));
    }

    [Test]
    public async Task The_count_of_matches_is_asked_of_the_draft_and_leads_to_the_whole_backtest()
    {
        AddRule("shop.big", conditions: TwoConditions);
        var page = OpenEditor("shop.big");
        Clock.Advance(TimeSpan.FromSeconds(1));

        var asked = await Backtester.Asked;
        Backtester.Tell(new() { At = Now, Share = 1, Events = 340, Matches = 12, Report = Report(340, 12) });

        page.Until(() => page.Find(".count").TextContent.Contains("Would have matched 12 of 340 in the last 24 h.", StringComparison.Ordinal));
        Assert.That(asked.Until - asked.Since, Is.EqualTo(TimeSpan.FromDays(1)));
        Assert.That(asked.Subject.Draft!.Conditions!.Value.GetArrayLength(), Is.EqualTo(2));
        Assert.That(page.Find(".whole").GetAttribute("href"), Does.StartWith("rules/shop.big/backtest?try=draft").And.Contain("greater_than"));
    }

    private static BacktestReport Report(long events, long matches) => new()
    {
        IsDraft = true, TriggerRef = "core.webhook", Since = default, Until = default, Events = events, Matches = matches, NearMisses = 0,
        Failures = 0, Days = [], FirstMatches = [], FirstNearMisses = [],
    };

    private static PayloadField Field(string path, string type) =>
        new() { Path = path, Types = [type], Examples = [], Events = 1, LastEvent = 1 };

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Text(IRenderedComponent<RuleEditorPage> page) => page.Find("#f-text").GetAttribute("value") ?? "";

    private static RuleVersion Version(Rule rule, int number) => new()
    {
        Rule = rule.Id, Version = number, RuleRef = rule.Ref, TriggerRef = rule.TriggerRef, ActionRef = rule.ActionRef,
        Condition = rule.Condition, Conditions = rule.Conditions, ActionParams = rule.ActionParams, TriggerParams = rule.TriggerParams,
        Created = rule.Created,
    };

    private void AddAction(string reference, string schema) => Attune.Actions.Add(new()
    {
        Id = Attune.NextId(), Ref = reference, Label = reference, ParamSchema = JsonElement.Parse(schema), MaxRetries = 0, IsAdhoc = false,
        Created = Now, Updated = Now,
    });

    // What is typed is tried after a pause.
    private async Task SettleAsync(IRenderedComponent<RuleEditorPage> page, Func<bool> holds)
    {
        await page.InvokeAsync(() => { });
        Clock.Advance(TimeSpan.FromSeconds(1));
        page.Until(holds);
    }

    private static Task SaveAsync(IRenderedComponent<RuleEditorPage> page) => page.Find("#save").ClickAsync(new());

    private IRenderedComponent<RuleEditorPage> OpenEditor(string reference) =>
        OpenAt<RuleEditorPage>($"rules/{reference}/edit", parameters => parameters.Add(page => page.Reference, reference));

    private IRenderedComponent<RuleEditorPage> OpenNew(string query) => OpenAt<RuleEditorPage>($"rules/new{query}");
}
