using AngleSharp.Dom;
using Attune.Web.Lists;
using Bunit;

namespace Attune.Tests.Web;

/// <summary>A combobox with manual selection, as the ARIA practices describe it.</summary>
public sealed class ComboboxTests : PageTest
{
    private static readonly string[] Known = ["core.timer", "github.issues", "github.push", "gitlab.push"];

    private readonly List<string?> _taken = [];

    [Test]
    public async Task Typing_narrows_what_is_suggested_and_highlights_and_takes_nothing()
    {
        var field = Open();

        await Input(field).InputAsync("PUSH");

        Assert.That(Options(field), Is.EqualTo((string[])["github.push", "gitlab.push"]));
        Assert.That(Active(field), Is.Null);
        Assert.That(_taken, Is.Empty);
    }

    [Test]
    public async Task Enter_takes_what_was_typed_and_not_the_first_suggestion()
    {
        var field = Open();

        await Input(field).InputAsync(" github.push ");
        await KeyAsync(field, "Enter");

        Assert.That(_taken, Is.EqualTo((string[])["github.push"]));
        Assert.That(Options(field), Is.Empty, "the suggestions are closed");
    }

    [Test]
    public async Task Down_enters_at_the_first_suggestion_and_Enter_takes_the_highlighted_one()
    {
        var field = Open();
        await Input(field).InputAsync("push");

        await KeyAsync(field, "ArrowDown");
        Assert.That(Active(field), Is.EqualTo("github.push"));
        await KeyAsync(field, "ArrowDown");
        Assert.That(Active(field), Is.EqualTo("gitlab.push"));
        await KeyAsync(field, "Enter");

        Assert.That(_taken, Is.EqualTo((string[])["gitlab.push"]));
    }

    [TestCase("ArrowDown", "core.timer")]
    [TestCase("ArrowUp", "gitlab.push")]
    public async Task An_arrow_key_opens_the_suggestions_at_its_end(string key, string expected)
    {
        var field = Open();

        await KeyAsync(field, key);

        Assert.That(Active(field), Is.EqualTo(expected));
        Assert.That(_taken, Is.Empty);
    }

    [Test]
    public async Task Leaving_the_field_takes_nothing_and_shows_what_is_chosen()
    {
        var field = Open(value: "core.timer");
        await Input(field).InputAsync("github");
        await KeyAsync(field, "ArrowDown");

        await Input(field).BlurAsync(new());

        Assert.That(_taken, Is.Empty);
        Assert.That(Input(field).GetAttribute("value"), Is.EqualTo("core.timer"));
        Assert.That(Options(field), Is.Empty);
    }

    [Test]
    public async Task Escape_closes_the_suggestions_and_then_takes_back_what_was_typed()
    {
        var field = Open();
        await Input(field).InputAsync("push");

        await KeyAsync(field, "Escape");
        Assert.That((Options(field).Count, Input(field).GetAttribute("value")), Is.EqualTo((0, "push")));
        await KeyAsync(field, "Escape");

        Assert.That(Input(field).GetAttribute("value"), Is.Empty);
        Assert.That(_taken, Is.Empty);
    }

    [Test]
    public async Task A_field_of_known_values_says_that_there_is_no_such_one_and_takes_nothing()
    {
        var field = Open(knownOnly: true);

        await Input(field).InputAsync("push");
        await KeyAsync(field, "Enter");

        Assert.That(_taken, Is.Empty);
        Assert.That(field.Find("[role=alert]").TextContent, Is.EqualTo("There is no “push”."));
        Assert.That(Input(field).GetAttribute("aria-invalid"), Is.EqualTo("true"));
        Assert.That(Input(field).GetAttribute("aria-describedby"), Is.EqualTo(field.Find("[role=alert]").Id));
    }

    [Test]
    public async Task A_field_of_known_values_takes_an_exact_match()
    {
        var field = Open(knownOnly: true);

        await Input(field).InputAsync("GitHub.push");
        await KeyAsync(field, "Enter");

        Assert.That(_taken, Is.EqualTo((string[])["github.push"]));
    }

    [Test]
    public async Task A_suggestion_that_is_clicked_is_taken_and_the_button_clears()
    {
        var field = Open(value: "core.timer");
        await Input(field).ClickAsync(new());

        await field.FindAll("[role=option]")[2].ClickAsync(new());
        await field.Find("button[aria-label='Clear Trigger']").ClickAsync(new());

        Assert.That(_taken, Is.EqualTo((string?[])["github.push", null]));
    }

    [Test]
    public async Task Nothing_is_read_before_the_suggestions_open()
    {
        var asked = 0;
        var field = Open<Combobox>(parameters => parameters
            .Add(one => one.Label, "Trigger")
            .Add(one => one.Value, null)
            .Add(one => one.Known, _ => Task.FromResult<IReadOnlyList<string>>([$"asked.{++asked}"])));

        Assert.That(asked, Is.Zero);
        await Input(field).ClickAsync(new());

        Assert.That(Options(field), Is.EqualTo((string[])["asked.1"]));
    }

    [Test]
    public async Task In_a_form_what_is_typed_is_told_at_once_and_stands_when_the_field_is_left()
    {
        var typed = new List<string>();
        var field = OpenInForm(typed);

        await Input(field).InputAsync("git");
        await Input(field).InputAsync("github.fork");
        Assert.That(Options(field), Is.Empty);
        await Input(field).BlurAsync(new());

        Assert.That(typed, Is.EqualTo((string[])["git", "github.fork"]));
        Assert.That(_taken, Is.EqualTo((string[])["github.fork"]), "once, when it is left");
        Assert.That(Input(field).GetAttribute("value"), Is.EqualTo("github.fork"));
    }

    [Test]
    public async Task In_a_form_a_suggestion_is_taken_by_an_arrow_key_and_Enter_and_Alt_is_left_to_what_is_around()
    {
        var field = OpenInForm([]);

        await Input(field).KeyDownAsync(new Microsoft.AspNetCore.Components.Web.KeyboardEventArgs { Key = "ArrowDown", AltKey = true });
        Assert.That(Options(field), Is.Empty);
        await Input(field).InputAsync("push");
        await KeyAsync(field, "ArrowDown");
        await KeyAsync(field, "Enter");
        await Input(field).BlurAsync(new());

        Assert.That(_taken, Is.EqualTo((string[])["github.push"]));
        Assert.That(Input(field).Id, Is.EqualTo("f-one"));
        Assert.That(Input(field).GetAttribute("aria-describedby"), Is.EqualTo("f-one-about"));
    }

    [Test]
    public void Every_button_of_the_field_has_a_name()
    {
        var field = Open(value: "core.timer");

        Assert.That(
            field.FindAll("button").Select(button => button.GetAttribute("aria-label")),
            Is.EqualTo((string[])["Clear Trigger", "Show choices for Trigger"]));
        Assert.That(field.Find("button.arrow").GetAttribute("tabindex"), Is.EqualTo("-1"));
    }

    private IRenderedComponent<Combobox> OpenInForm(List<string> typed) => Open<Combobox>(parameters => parameters
        .Add(field => field.Id, "f-one")
        .Add(field => field.Label, "Trigger")
        .Add(field => field.Value, "core.timer")
        .Add(field => field.Typing, typed.Add)
        .Add(field => field.LeavesAlt, true)
        .AddUnmatched("aria-describedby", "f-one-about")
        .Add(field => field.Known, _ => Task.FromResult<IReadOnlyList<string>>(Known))
        .Add(field => field.Changed, _taken.Add));

    private static IElement Input(IRenderedComponent<Combobox> field) => field.Find("[role=combobox]");

    private static Task KeyAsync(IRenderedComponent<Combobox> field, string key) =>
        Input(field).KeyDownAsync(Key.Get(key));

    private static IReadOnlyList<string> Options(IRenderedComponent<Combobox> field) =>
        [.. field.FindAll("[role=option]").Select(option => option.TextContent.Trim())];

    // The option that the field names as its active one.
    private static string? Active(IRenderedComponent<Combobox> field) =>
        Input(field).GetAttribute("aria-activedescendant") is { } id ? field.Find($"#{id}").TextContent.Trim() : null;

    private IRenderedComponent<Combobox> Open(string? value = null, bool knownOnly = false) => Open<Combobox>(parameters => parameters
        .Add(field => field.Label, "Trigger")
        .Add(field => field.Value, value)
        .Add(field => field.KnownOnly, knownOnly)
        .Add(field => field.Known, _ => Task.FromResult<IReadOnlyList<string>>(Known))
        .Add(field => field.Changed, _taken.Add));
}
