using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Attune.Web.Pages.Events;
using Attune.Web.Shared;
using Bunit;
using CsCheck;

namespace Attune.Tests.Web;

public sealed class ComparePageTests : PageTest
{
    [Test]
    public void Two_events_are_compared_place_by_place()
    {
        var left = Attune.AddEvent(payload: """{"a": 1, "b": {"c": "x"}, "gone": true, "same": [1, 2]}""");
        var right = Attune.AddEvent(payload: """{"a": "1", "b": {"c": "y"}, "new": null, "same": [1, 2]}""");

        var page = OpenAt($"left={left.Id}&right={right.Id}");

        var changes = page.Panel("Payload").QuerySelectorAll("dt").Select(
            field => $"{field.FirstChild!.TextContent.Trim()}|{field.QuerySelector(".kind")!.TextContent}");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(changes, Is.EqualTo((string[])
                ["payload.a|number, now text", "payload.b.c|", "payload.gone|only left, truth value", "payload.new|only right, null"]));
            Assert.That(page.Find(".sum").TextContent, Is.EqualTo("2 changed, 1 only left, 1 only right."));
        }
    }

    [Test]
    public void Events_that_say_the_same_say_so()
    {
        var (left, right) = (Attune.AddEvent(payload: """{"a": 1, "b": 2}"""), Attune.AddEvent(payload: """{"b": 2, "a": 1.0}"""));

        Assert.That(OpenAt($"left={left.Id}&right={right.Id}").Panel("Payload").TextContent, Does.Contain("Both say the same."));
    }

    [Test]
    public void Large_payloads_are_compared_up_to_a_bound()
    {
        var left = Attune.AddEvent(payload: $"[{string.Join(',', Enumerable.Range(0, 5_000))}]");
        var right = Attune.AddEvent(payload: $"[{string.Join(',', Enumerable.Range(1, 5_000).Select(number => number * 7))}]");

        var page = OpenAt($"left={left.Id}&right={right.Id}");

        Assert.That(page.FindAll(".changes > div"), Has.Count.EqualTo(300));
        Assert.That(page.Panel("Payload").QuerySelector(".count")!.TextContent, Is.EqualTo("300+"));
    }

    [Test]
    public void The_last_other_event_that_a_rule_matched_stands_on_the_left()
    {
        var (first, second, right) = (Attune.AddEvent(payload: "1"), Attune.AddEvent(payload: "2"), Attune.AddEvent(payload: "3"));
        foreach (var (source, minutes) in new[] { (first, 1), (second, 2), (right, 3) })
        {
            Attune.Events[source.Id] = source with { Created = Now.AddMinutes(minutes) };
            Attune.AddEnforcement(Attune.Events[source.Id], ruleRef: "ops.deploy");
        }

        var page = OpenAt($"rule=ops.deploy&right={right.Id}");

        Assert.That(page.Property("Left", "Event"), Is.EqualTo($"#{second.Id}, the last one that ops.deploy matched"));
    }

    [TestCase("left=banana", "Not understood: left=banana. The id of an event was expected.")]
    [TestCase("left=4711", "Event #4711 is expired or never existed.")]
    [TestCase("rule=no.such", "no.such has matched no other event that is still there.")]
    public void What_an_address_says_wrongly_is_said_and_nothing_is_compared(string query, string problem)
    {
        var right = Attune.AddEvent(payload: "1");

        var page = OpenAt($"{query}&right={right.Id}");

        Assert.That(page.Find(".problem").TextContent, Is.EqualTo(problem));
        Assert.That(page.FindAll("section"), Is.Empty);
    }

    [Test]
    public void What_is_asked_is_read_from_the_address_as_it_was_written() => Gen.Select(Gen.Long[0, long.MaxValue].Nullable(), Gen.Long[
        0, long.MaxValue].Nullable(), Gen.OneOfConst(null, "ops.deploy", "a&b=c #1")).Sample((left, right, rule) =>
    {
        var query = new CompareQuery { Left = left, Right = right, Rule = rule };

        Assert.That(CompareQuery.Parse(AddressQuery.Of(query.Address)), Is.EqualTo(query));
    });

    [Test]
    public void Neighbours_of_the_trigger_are_a_click_away()
    {
        var (older, shown, newer) = (Attune.AddEvent("a.b"), Attune.AddEvent("a.b"), Attune.AddEvent("a.b"));
        Attune.AddEvent("c.d");

        var links = Open<EventPage>(parameters => parameters.Add(page => page.Id, shown.Id)).FindAll(".neighbours a");

        Assert.That(links.Select(link => link.GetAttribute("href")), Is.EqualTo((string[])[$"events/{older.Id}", $"events/{newer.Id}"]));
    }

    [Test]
    public void Similar_events_are_those_that_say_the_same_where_the_reader_chooses()
    {
        var shown = Attune.AddEvent("a.b", payload: """{"repository": {"name": "api \"x\""}, "count": 3, "odd name": 1}""");
        Search.Events.Add(new()
        {
            Hits = [Hit(shown.Id), Hit(77)],
            Progress = new() { Rows = 40, Hits = 2, Bytes = 0, Failures = 0 },
            End = new(SearchEndReason.Complete, null),
        });
        var page = Open<EventPage>(parameters => parameters.Add(one => one.Id, shown.Id));
        Assert.That(page.FindAll(".similar .path").Select(path => path.TextContent), Is.EqualTo((string[])["count", "repository.name"]));

        foreach (var index in (int[])[0, 1])
        {
            page.FindAll(".similar .fields button")[index].Click();
        }

        page.FindAll(".similar button").Single(button => button.TextContent.Trim() == "Find them").Click();

        page.Until(() => page.FindAll(".similar .plain li").Count == 1);
        Assert.That(Search.Asked.Single().Query, Is.EqualTo("""count == 3 and repository.name == "api \"x\"" """.Trim()));
        Assert.That(page.Find(".similar .plain a").GetAttribute("href"), Is.EqualTo("events/77"));

        EventSummary Hit(long id) => new() { Id = id, TriggerRef = "a.b", HasPayload = true, Created = Now };
    }

    private IRenderedComponent<ComparePage> OpenAt(string query) => OpenAt<ComparePage>($"events/compare?{query}");
}
