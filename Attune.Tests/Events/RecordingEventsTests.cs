using System.Text.Json;
using Attune.Modules.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Events;

public sealed class RecordingEventsTests(DatabaseEngine engine) : EventsTest(engine)
{
    [Test]
    public async Task An_event_is_kept_as_it_was_given()
    {
        var trigger = await NewTriggerAsync();
        var given = new NewEvent
        {
            TriggerRef = trigger.Ref,
            Payload = Parse("""{"text": "Grüße \u00e4 \ud83d\ude00", "n": 1.50, "list": [1, null, true], "empty": {}}"""),
            Config = Parse("""{"source": "test"}"""),
            Source = 7,
            SourceRef = "test.sensor",
            Target = new(4711, "test.rule_gone"),
        };

        var written = await Ledger.AppendAsync(given, Cancellation);
        var read = await Events.FindAsync(written.Id, Cancellation);

        Assert.That(read, Is.Not.Null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read!.Created, Is.EqualTo(written.Created));
            Assert.That((read.Trigger, read.TriggerRef), Is.EqualTo(((long?)trigger.Id, trigger.Ref)));
            Assert.That((read.Source, read.SourceRef), Is.EqualTo(((long?)7L, "test.sensor")));
            Assert.That((read.Rule, read.RuleRef), Is.EqualTo(((long?)4711L, "test.rule_gone")));
            Assert.That(JsonElement.DeepEquals(read.Payload!.Value, given.Payload!.Value), read.Payload.ToString());
            Assert.That(JsonElement.DeepEquals(read.Config!.Value, given.Config!.Value), read.Config.ToString());
            Assert.That(written.IsDuplicate, Is.False);
        }
    }

    [Test]
    public async Task Created_is_set_by_the_database()
    {
        var before = await ScalarAsync<DateTimeOffset>("SELECT clock_timestamp()");
        var written = await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook" }, Cancellation);
        var after = await ScalarAsync<DateTimeOffset>("SELECT clock_timestamp()");

        Assert.That(written.Created, Is.InRange(before, after));
        Assert.That(typeof(NewEvent).GetProperty("Created"), Is.Null);
    }

    [Test]
    public async Task No_payload_and_a_payload_of_null_are_kept_apart()
    {
        var without = await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook" }, Cancellation);
        var withNull = await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = Parse("null") }, Cancellation);
        var unset = await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = default(JsonElement) }, Cancellation);

        Assert.That((await Events.FindAsync(without.Id, Cancellation))!.Payload, Is.Null);
        Assert.That((await Events.FindAsync(withNull.Id, Cancellation))!.Payload!.Value.ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That((await Events.FindAsync(unset.Id, Cancellation))!.Payload, Is.Null);
    }

    [Test]
    public async Task Two_hundred_callers_at_once_each_get_their_own_event()
    {
        var trigger = await NewTriggerAsync();
        var given = new NewEventFaker(trigger.Ref).Generate(200);

        var written = await Task.WhenAll(given.Select(one => Task.Run(() => Ledger.AppendAsync(one, Cancellation))));

        var kept = (await QueryAsync<Event>(
            "SELECT id, trigger_ref, payload, created FROM event WHERE trigger_ref = @Ref",
            new { trigger.Ref })).ToDictionary(one => one.Id);
        Assert.That(kept, Has.Count.EqualTo(200));
        for (var i = 0; i < given.Count; i++)
        {
            Assert.That(JsonElement.DeepEquals(kept[written[i].Id].Payload!.Value, given[i].Payload!.Value));
            Assert.That(kept[written[i].Id].Created, Is.EqualTo(written[i].Created));
        }
    }

    [Test]
    public async Task Calls_that_wait_are_written_together()
    {
        var trigger = await NewTriggerAsync();

        await Task.WhenAll(new NewEventFaker(trigger.Ref).Generate(200).Select(one => Ledger.AppendAsync(one, Cancellation)));

        var transactions = await ScalarAsync<long>(
            "SELECT count(DISTINCT created) FROM event WHERE trigger_ref = @Ref", new { trigger.Ref });
        Assert.That(transactions, Is.LessThan(100));
    }

    [Test]
    public async Task A_list_is_answered_in_its_order()
    {
        var trigger = await NewTriggerAsync();
        var given = Enumerable.Range(0, 50)
            .Select(i => new NewEvent { TriggerRef = trigger.Ref, Payload = JsonSerializer.SerializeToElement(i) })
            .ToList();

        var written = await Ledger.AppendAsync(given, Cancellation);

        var kept = (await QueryAsync<Event>(
            "SELECT id, trigger_ref, payload, created FROM event WHERE trigger_ref = @Ref",
            new { trigger.Ref })).ToDictionary(one => one.Id);
        Assert.That(written.Select(one => kept[one.Id].Payload!.Value.GetInt32()), Is.EqualTo(Enumerable.Range(0, 50)));
    }

    [Test]
    public async Task A_large_list_is_one_transaction()
    {
        var trigger = await NewTriggerAsync();
        var others = Enumerable.Range(0, 20).Select(_ => Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook" }, Cancellation));

        var large = Ledger.AppendAsync(new NewEventFaker(trigger.Ref).Generate(6_000), Cancellation);
        await Task.WhenAll([large, .. others]);

        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(6_000));
        Assert.That((await large).Select(one => one.Created).Distinct().Count(), Is.EqualTo(1));
        Assert.That((await large).Select(one => one.Id), Is.Unique);
    }

    [Test]
    public async Task An_empty_list_is_no_call_at_all() =>
        Assert.That(await Ledger.AppendAsync([], Cancellation), Is.Empty);

    [Test]
    public async Task An_unknown_trigger_is_refused()
    {
        var refused = await RefusalOf(Ledger.AppendAsync(new NewEvent { TriggerRef = "no.such" }, Cancellation));

        Assert.That((refused.Kind, refused.Field, refused.Message),
            Is.EqualTo((RefusalKind.NotFound, "trigger_ref", "Trigger 'no.such' not found")));
    }

    [Test]
    public async Task A_disabled_trigger_takes_no_events()
    {
        var trigger = await NewTriggerAsync(enabled: false);

        var refused = await RefusalOf(Ledger.AppendAsync(new NewEvent { TriggerRef = trigger.Ref }, Cancellation));
        await Triggers.UpdateAsync(trigger.Ref, new() { Enabled = true }, Cancellation);
        await Ledger.AppendAsync(new NewEvent { TriggerRef = trigger.Ref }, Cancellation);

        Assert.That(refused.Kind, Is.EqualTo(RefusalKind.Conflict));
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(1));
    }

    [Test]
    public async Task A_list_with_one_that_is_refused_writes_nothing_and_says_which()
    {
        var trigger = await NewTriggerAsync();

        var unknown = await RefusalOf(Ledger.AppendAsync(
            [new() { TriggerRef = trigger.Ref }, new() { TriggerRef = trigger.Ref }, new() { TriggerRef = "no.such" }], Cancellation));
        var unfit = await RefusalOf(Ledger.AppendAsync(
            [new() { TriggerRef = trigger.Ref }, new() { TriggerRef = trigger.Ref, Payload = Parse("""{"a": ["\u0000"]}""") }],
            Cancellation));

        Assert.That((unknown.Field, unknown.Message), Is.EqualTo(("events[2].trigger_ref", "events[2]: Trigger 'no.such' not found")));
        Assert.That((unfit.Kind, unfit.Field), Is.EqualTo((RefusalKind.Invalid, "events[1].payload.a[0]")));
        Assert.That(await CountAsync(trigger.Ref), Is.Zero);
    }

    [Test]
    public async Task Refused_calls_do_not_touch_those_they_are_written_with()
    {
        var trigger = await NewTriggerAsync();
        var disabled = await NewTriggerAsync(enabled: false);
        string[] refs = [trigger.Ref, "no.such", disabled.Ref];

        var calls = Enumerable.Range(0, 150).Select(
            i => Ledger.AppendAsync(new NewEvent { TriggerRef = refs[i % 3] }, Cancellation)).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);

        Assert.That(calls.Select(call => call.IsCompletedSuccessfully), Is.EqualTo(Enumerable.Range(0, 150).Select(i => i % 3 == 0)));
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(50));
    }

    [Test]
    public async Task A_value_that_only_the_database_refuses_is_told_to_its_caller_alone()
    {
        var trigger = await NewTriggerAsync();
        await ExecuteAsync(
            """
            CREATE FUNCTION attune.refuse_poison() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF NEW.payload ? 'poison' THEN RAISE EXCEPTION 'poison' USING ERRCODE = 'data_exception'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse_poison BEFORE INSERT ON attune.event FOR EACH ROW EXECUTE FUNCTION attune.refuse_poison();
            """);
        var calls = Enumerable.Range(0, 60).Select(i => Ledger.AppendAsync(
            new NewEvent { TriggerRef = trigger.Ref, Payload = Parse(i % 20 == 7 ? """{"poison": 1}""" : "{}") }, Cancellation)).ToList();

        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);
        await ExecuteAsync("DROP TRIGGER refuse_poison ON attune.event");

        Assert.That(calls.Select(call => call.IsCompletedSuccessfully), Is.EqualTo(Enumerable.Range(0, 60).Select(i => i % 20 != 7)));
        Assert.That((await RefusalOf(calls[7])).Kind, Is.EqualTo(RefusalKind.Invalid));
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(57));
    }

    [Test]
    public async Task A_call_that_was_cancelled_before_is_not_written()
    {
        var trigger = await NewTriggerAsync();

        Assert.That(
            async () => await Ledger.AppendAsync(new NewEvent { TriggerRef = trigger.Ref }, new CancellationToken(canceled: true)),
            Throws.InstanceOf<OperationCanceledException>());
        await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook" }, Cancellation);

        Assert.That(await CountAsync(trigger.Ref), Is.Zero);
    }

    [Test]
    public async Task A_ledger_that_is_closed_finishes_what_waits_and_takes_no_more()
    {
        var trigger = await NewTriggerAsync();
        var host = NewServices();
        var ledger = host.GetRequiredService<IEventLedger>();

        var calls = new NewEventFaker(trigger.Ref).Generate(300).Select(one => ledger.AppendAsync(one, Cancellation)).ToList();
        await host.DisposeAsync();
        await Task.WhenAll(calls);

        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(300));
        Assert.That(async () => await ledger.AppendAsync(new NewEvent { TriggerRef = trigger.Ref }, Cancellation),
            Throws.InstanceOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Ids_and_time_grow_together()
    {
        var written = new List<AppendedEvent>();
        for (var i = 0; i < 20; i++)
        {
            written.Add(await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook" }, Cancellation));
        }

        Assert.That(written.Select(one => one.Id), Is.Ordered.And.Unique);
        Assert.That(written.Select(one => one.Created), Is.Ordered);
    }
}
