using System.Text.Json;
using Attune.Modules.Events;

namespace Attune.Tests.Events;

public sealed class ScanningEventsTests(DatabaseEngine engine) : EventsTest(engine)
{
    [Test]
    public async Task Parts_joined_show_every_event_once_oldest_first_also_those_of_one_instant()
    {
        const string trigger = "scan.all";
        await Get<ITriggerRepository>().CreateAsync(new() { Ref = trigger, Label = trigger }, Cancellation);
        var written = new List<long>();
        foreach (var count in new[] { 30, 1, 25 })
        {
            // One call is one transaction, and all of its events are of one instant.
            var given = Enumerable.Range(0, count).Select(
                number => new NewEvent { TriggerRef = trigger, Payload = JsonElement.Parse($"{number}") }).ToArray();
            written.AddRange((await Get<IEventLedger>().AppendAsync(given, Cancellation)).Select(one => one.Id));
        }

        var shown = new List<ScannedEvent>();
        Cursor? after = null;
        do
        {
            var before = shown.Count;
            after = await Get<IEventScanner>().ScanAsync(Scan(trigger) with { Limit = 7, After = after }, shown.Add, Cancellation);
            Assert.That(shown.Count - before, Is.LessThanOrEqualTo(7));
        }
        while (after is not null);

        Assert.That(shown.Select(one => one.Id), Is.EqualTo(written));
        Assert.That(shown.Take(30).Select(one => one.Payload!.Value.GetInt32()), Is.EqualTo(Enumerable.Range(0, 30)));
        Assert.That(shown.Select(one => one.Created.Offset), Is.All.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public async Task A_missing_payload_and_JSON_null_are_told_apart_and_a_target_is_shown()
    {
        await ExecuteAsync("""
            INSERT INTO event (trigger_ref, payload, rule, rule_ref)
            VALUES ('scan.null', NULL, NULL, NULL), ('scan.null', 'null', 7, 'a.rule')
            """);
        var shown = new List<ScannedEvent>();

        Assert.That(await Get<IEventScanner>().ScanAsync(Scan("scan.null"), shown.Add, Cancellation), Is.Null);

        Assert.That(shown.Select(one => one.Payload?.ValueKind), Is.EqualTo((JsonValueKind?[])[null, JsonValueKind.Null]));
        Assert.That(shown.Select(one => one.Target), Is.EqualTo((RuleTarget?[])[null, new RuleTarget(7, "a.rule")]));
    }

    [Test]
    public async Task A_trigger_that_cannot_be_has_no_events() =>
        Assert.That(await Get<IEventScanner>().ScanAsync(Scan("a\0b"), _ => Assert.Fail("nothing to show"), Cancellation), Is.Null);

    private static EventScan Scan(string trigger) => new()
    {
        TriggerRef = trigger, Since = DateTimeOffset.UtcNow.AddDays(-1), Until = DateTimeOffset.UtcNow.AddDays(1),
    };
}
