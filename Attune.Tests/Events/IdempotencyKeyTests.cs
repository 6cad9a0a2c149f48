using Attune.Modules.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Events;

public sealed class IdempotencyKeyTests(DatabaseEngine engine) : EventsTest(engine)
{
    private static NewEvent Keyed(string triggerRef, string key, string? space = null) =>
        new() { TriggerRef = triggerRef, SourceRef = "test", Key = key, KeySpace = space, Payload = Parse("{}") };

    [Test]
    public async Task The_same_key_within_24_hours_is_the_same_event()
    {
        var trigger = await NewTriggerAsync();

        var first = await Ledger.AppendAsync(Keyed(trigger.Ref, "same"), Cancellation);
        var second = await Ledger.AppendAsync(Keyed(trigger.Ref, "same"), Cancellation);

        Assert.That((second.Id, second.Created, second.IsDuplicate), Is.EqualTo((first.Id, first.Created, true)));
        Assert.That(first.IsDuplicate, Is.False);
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(1));
    }

    [Test]
    public async Task A_key_is_free_again_after_24_hours()
    {
        var trigger = await NewTriggerAsync();
        var first = await Ledger.AppendAsync(Keyed(trigger.Ref, "old"), Cancellation);
        await ExecuteAsync("UPDATE event_key SET created = now() - INTERVAL '24 hours 1 second' WHERE event = @Id", new { first.Id });

        var second = await Ledger.AppendAsync(Keyed(trigger.Ref, "old"), Cancellation);
        var third = await Ledger.AppendAsync(Keyed(trigger.Ref, "old"), Cancellation);

        Assert.That((second.IsDuplicate, third.IsDuplicate, third.Id), Is.EqualTo((false, true, second.Id)));
        Assert.That(second.Id, Is.Not.EqualTo(first.Id));
    }

    [Test]
    public async Task Keys_of_different_sources_have_nothing_to_do_with_each_other()
    {
        var trigger = await NewTriggerAsync();

        await Ledger.AppendAsync(Keyed(trigger.Ref, "k", "space a"), Cancellation);
        await Ledger.AppendAsync(Keyed(trigger.Ref, "k", "space b"), Cancellation);
        await Ledger.AppendAsync(Keyed(trigger.Ref, "k"), Cancellation);

        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(3));
    }

    [Test]
    public async Task The_same_key_twice_in_a_list_is_one_event()
    {
        var trigger = await NewTriggerAsync();

        var written = await Ledger.AppendAsync(
            [Keyed(trigger.Ref, "x"), Keyed(trigger.Ref, "y"), Keyed(trigger.Ref, "x"), new() { TriggerRef = trigger.Ref }], Cancellation);

        Assert.That(written.Select(one => one.IsDuplicate), Is.EqualTo((bool[])[false, false, true, false]));
        Assert.That(written[2].Id, Is.EqualTo(written[0].Id));
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(3));
    }

    [Test]
    public async Task A_key_with_another_body_is_refused_and_its_whole_call()
    {
        var trigger = await NewTriggerAsync();
        var first = await Ledger.AppendAsync(Keyed(trigger.Ref, "taken"), Cancellation);
        var other = Keyed(trigger.Ref, "taken") with { Payload = Parse("[]") };

        var refused = await RefusalOf(Ledger.AppendAsync(other, Cancellation));
        var list = await RefusalOf(Ledger.AppendAsync([Keyed(trigger.Ref, "free"), other], Cancellation));
        var within = await RefusalOf(Ledger.AppendAsync(
            [Keyed(trigger.Ref, "twice"), Keyed(trigger.Ref, "twice") with { Config = Parse("1") }], Cancellation));
        var free = await Ledger.AppendAsync([Keyed(trigger.Ref, "free"), Keyed(trigger.Ref, "twice")], Cancellation);

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, "key")));
        Assert.That(refused.Message, Does.Contain($"{first.Id}"));
        Assert.That((list.Field, within.Field), Is.EqualTo(("events[1].key", "events[1].key")));
        Assert.That(free.Select(one => one.IsDuplicate), Is.EqualTo((bool[])[false, false]), "a refused call gives its keys back");
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(3));
    }

    [Test]
    public async Task A_key_with_another_body_is_written_and_marked_where_that_is_asked_for_and_once()
    {
        var trigger = await NewTriggerAsync();
        NewEvent Of(int n) => Keyed(trigger.Ref, "marked") with
        {
            KeyConflict = KeyConflict.Mark, Payload = Parse($"{n}"), Config = Parse($$"""{"at": {{Random.Shared.Next()}} }"""),
        };

        var first = await Ledger.AppendAsync(Of(1), Cancellation);
        var written = await Ledger.AppendAsync([Of(1), Of(2), Of(3), Of(2)], Cancellation);
        var again = await Ledger.AppendAsync(Of(3), Cancellation);

        Assert.That(written.Select(one => one.IsDuplicate), Is.EqualTo((bool[])[true, false, false, true]));
        Assert.That(written.Select(one => one.ConflictsWith), Is.EqualTo((long?[])[null, first.Id, first.Id, null]));
        Assert.That((written[3].Id, again.Id, again.IsDuplicate), Is.EqualTo((written[1].Id, written[2].Id, true)));
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(3));
        var config = (await Events.FindAsync(written[1].Id, Cancellation))!.Config!.Value;
        Assert.That(config.GetProperty("key_conflict").GetInt64(), Is.EqualTo(first.Id));
        Assert.That(config.TryGetProperty("at", out _), Is.True);
        Assert.That(first.ConflictsWith, Is.Null);
    }

    [Test]
    public async Task A_key_alone_decides_where_that_is_asked_for()
    {
        var trigger = await NewTriggerAsync();
        var first = await Ledger.AppendAsync(Keyed(trigger.Ref, "alone"), Cancellation);

        var again = await Ledger.AppendAsync(
            Keyed(trigger.Ref, "alone") with { KeyConflict = KeyConflict.Same, Payload = Parse("[]") }, Cancellation);

        Assert.That((again.Id, again.IsDuplicate), Is.EqualTo((first.Id, true)));
    }

    [Test]
    public async Task A_key_that_was_claimed_before_there_were_digests_is_compared_by_its_event()
    {
        var trigger = await NewTriggerAsync();
        var first = await Ledger.AppendAsync(
            Keyed(trigger.Ref, "before digests") with { Payload = Parse("""{"b": 1.50, "a": [1e3, "ü"], "b": 2.0}""") }, Cancellation);
        await ExecuteAsync("UPDATE event_key SET digest = NULL WHERE event = @Id", new { first.Id });

        var same = await Ledger.AppendAsync(
            Keyed(trigger.Ref, "before digests") with { Payload = Parse("""{"a": [1000, "\u00fc"], "b": 2}""") }, Cancellation);
        var other = await RefusalOf(Ledger.AppendAsync(Keyed(trigger.Ref, "before digests"), Cancellation));

        Assert.That((same.Id, other.Field), Is.EqualTo((first.Id, "key")));
    }

    [Test]
    public async Task Two_hundred_callers_on_two_hosts_with_one_key_write_each_body_once()
    {
        var trigger = await NewTriggerAsync();
        await using var second = NewServices();
        IEventLedger[] ledgers = [Ledger, second.GetRequiredService<IEventLedger>()];

        var written = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => ledgers[i % 2].AppendAsync(
            Keyed(trigger.Ref, "one key") with { KeyConflict = KeyConflict.Mark, Payload = Parse($"{i % 5}") }, Cancellation)));

        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(5));
        Assert.That(written.Count(one => !one.IsDuplicate), Is.EqualTo(5));
        Assert.That(written.Where(one => !one.IsDuplicate).Count(one => one.ConflictsWith is null), Is.EqualTo(1));
        Assert.That(
            written.Select((one, i) => (one.Id, Body: i % 5)).Distinct().Count(), Is.EqualTo(5), "the same body is always the same event");
    }

    [Test]
    public async Task Hosts_that_bring_the_same_keys_at_once_write_each_event_once()
    {
        var trigger = await NewTriggerAsync();
        await using var second = NewServices();
        IEventLedger[] ledgers = [Ledger, second.GetRequiredService<IEventLedger>()];
        var keys = Enumerable.Range(0, 40).Select(i => $"at once {i}").ToList();

        // Each key from both hosts, several times, in opposite orders.
        var calls = Enumerable.Range(0, 4).SelectMany(round => ledgers.SelectMany((ledger, host) =>
            (host == 0 ? keys : keys.AsEnumerable().Reverse()).Select(async key =>
                (key, await ledger.AppendAsync(Keyed(trigger.Ref, key), Cancellation)))));
        var written = await Task.WhenAll(calls);

        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(40));
        Assert.That(
            written.GroupBy(one => one.key).Select(group => group.Select(one => one.Item2.Id).Distinct().Count()), Is.All.EqualTo(1));
        Assert.That(written.Count(one => !one.Item2.IsDuplicate), Is.EqualTo(40));
    }

    [Test]
    public async Task Lists_that_bring_the_same_keys_in_opposite_orders_do_not_block_each_other()
    {
        var trigger = await NewTriggerAsync();
        await using var second = NewServices();
        IEventLedger[] ledgers = [Ledger, second.GetRequiredService<IEventLedger>()];

        for (var round = 0; round < 10; round++)
        {
            var list = Enumerable.Range(0, 50).Select(i => Keyed(trigger.Ref, $"opposite {round} {i}")).ToList();
            await Task.WhenAll(
                ledgers[0].AppendAsync(list, Cancellation), ledgers[1].AppendAsync([.. Enumerable.Reverse(list)], Cancellation));
        }

        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(500));
    }

    [Test]
    public async Task A_refused_call_does_not_use_its_key_up()
    {
        var trigger = await NewTriggerAsync();

        await RefusalOf(Ledger.AppendAsync([Keyed(trigger.Ref, "kept free"), new() { TriggerRef = "no.such" }], Cancellation));
        var written = await Ledger.AppendAsync(Keyed(trigger.Ref, "kept free"), Cancellation);

        Assert.That(written.IsDuplicate, Is.False);
    }

    [Test]
    public async Task An_accepted_event_answers_its_key_when_its_trigger_is_disabled_or_gone()
    {
        var trigger = await NewTriggerAsync();
        var first = await Ledger.AppendAsync(Keyed(trigger.Ref, "again"), Cancellation);

        await Triggers.UpdateAsync(trigger.Ref, new() { Enabled = false }, Cancellation);
        var disabled = await Ledger.AppendAsync(Keyed(trigger.Ref, "again"), Cancellation);
        await Triggers.DeleteAsync(trigger.Ref, Cancellation);
        var gone = await Ledger.AppendAsync(Keyed(trigger.Ref, "again"), Cancellation);
        var another = await RefusalOf(Ledger.AppendAsync(Keyed(trigger.Ref, "another"), Cancellation));

        Assert.That((disabled.Id, gone.Id), Is.EqualTo((first.Id, first.Id)));
        Assert.That(another.Kind, Is.EqualTo(RefusalKind.NotFound));
    }

    [Test]
    public async Task A_key_that_cannot_be_kept_is_refused()
    {
        foreach (var key in (string[])["", "nul \0", "half \ud800"])
        {
            Assert.That((await RefusalOf(Ledger.AppendAsync(Keyed("core.webhook", key), Cancellation))).Field, Is.EqualTo("key"));
        }
    }

    [Test]
    public async Task A_key_has_at_most_255_bytes()
    {
        await Ledger.AppendAsync(Keyed("core.webhook", new string('k', 255)), Cancellation);

        Assert.That(
            (await RefusalOf(Ledger.AppendAsync(Keyed("core.webhook", new string('k', 256)), Cancellation))).Field, Is.EqualTo("key"));
        Assert.That(
            (await RefusalOf(Ledger.AppendAsync(Keyed("core.webhook", new string('ä', 128)), Cancellation))).Field, Is.EqualTo("key"));
    }
}
