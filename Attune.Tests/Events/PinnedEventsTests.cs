using System.Text;
using Attune.Db.Maintenance;
using Attune.Modules.Events;
using Attune.Modules.Events.Pins;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Events;

/// <summary>Events that are kept beyond retention, with a bundle that the test says.</summary>
public sealed class PinnedEventsTests(DatabaseEngine engine) : EventsTest(engine)
{
    private readonly SaidBundles _bundles = new();

    private IPinnedEvents Pins => Get<IPinnedEvents>();

    private PinKeeper Keeper => Get<PinKeeper>();

    protected override IServiceCollection Configure(IServiceCollection services) => services.AddSingleton<IEventBundles>(_bundles);

    [SetUp]
    public async Task BeginAsync()
    {
        await ExecuteAsync("DELETE FROM pinned_event");
        (_bundles.IsOver, _bundles.Filling, _bundles.Copies) = (true, 0, 0);
    }

    [Test]
    public async Task A_pinned_event_stays_when_retention_has_dropped_its_rows()
    {
        var id = await OldEventAsync();
        var made = (await Pins.PinAsync(id, " the outage \n", Cancellation))!.Value;

        await DropAsync();

        Assert.That(await Events.FindAsync(id, Cancellation), Is.Null, "its rows are gone");
        var kept = (await Pins.ReadAsync(id, Cancellation))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That((made.IsNew, made.Pin.Event, made.Pin.Note), Is.EqualTo((true, id, "the outage")));
            Assert.That(kept.Bundle.GetProperty("event").GetProperty("id").GetInt64(), Is.EqualTo(id));
            Assert.That(kept.Bundle.EnumerateObject().Select(field => field.Name), Is.EqualTo((string[])["text", "event", "number"]), "as it was written");
            Assert.That(kept.Pin.Bytes, Is.EqualTo(Encoding.UTF8.GetByteCount(kept.Bundle.GetRawText())));
            Assert.That((kept.Pin.IsComplete, kept.Pin.Problem, kept.Pin.TriggerRef), Is.EqualTo((true, (string?)null, made.Pin.TriggerRef)));
            Assert.That(kept.Pin.CopiedAt, Is.LessThanOrEqualTo(kept.Pin.PinnedAt));
        }

        var renamed = (await Pins.PinAsync(id, "of the 3rd", Cancellation))!.Value;
        Assert.That((renamed.IsNew, renamed.Pin.Note, renamed.Pin.CopiedAt), Is.EqualTo((false, "of the 3rd", kept.Pin.CopiedAt)), "the copy is all there is");
        Assert.That(await Pins.UnpinAsync(id, Cancellation), Is.True);
        Assert.That(await Pins.UnpinAsync(id, Cancellation), Is.False);
        Assert.That(await Pins.PinAsync(id, null, Cancellation), Is.Null, "nothing is left of it");
    }

    [Test]
    public async Task While_something_is_under_way_a_pinned_event_is_copied_again_until_it_is_over()
    {
        var id = await NewEventAsync();
        _bundles.IsOver = false;
        var pin = (await Pins.PinAsync(id, null, Cancellation))!.Value.Pin;
        Assert.That((pin.IsComplete, pin.NextCopyAt), Is.EqualTo((false, (DateTimeOffset?)pin.CopiedAt.AddSeconds(10))));
        Assert.That(await Keeper.CopyNextAsync(Cancellation), Is.False, "it is not due yet");

        await MakeDueAsync(id);
        Assert.That(await Keeper.CopyNextAsync(Cancellation), Is.True);
        var again = (await Pins.FindAsync(id, Cancellation))!;
        _bundles.IsOver = true;
        await MakeDueAsync(id);
        Assert.That(await Keeper.CopyNextAsync(Cancellation), Is.True);

        var last = (await Pins.ReadAsync(id, Cancellation))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(again.IsComplete, Is.False);
            Assert.That(again.CopiedAt, Is.GreaterThan(pin.CopiedAt));
            Assert.That((last.Pin.IsComplete, last.Pin.PinnedAt, _bundles.Copies), Is.EqualTo((true, pin.PinnedAt, 3)));
            Assert.That(last.Bundle.GetProperty("number").GetInt32(), Is.EqualTo(3));
            Assert.That(last.Pin.NextCopyAt, Is.EqualTo(last.Pin.EventCreated.AddDays(88)), "once more before its rows can go");
        }
    }

    [Test]
    public async Task Of_several_hosts_one_takes_the_copy_that_is_due()
    {
        var ids = new List<long>();
        _bundles.IsOver = false;
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await NewEventAsync());
            await Pins.PinAsync(ids[^1], null, Cancellation);
            await MakeDueAsync(ids[^1]);
        }

        await using var second = NewServices();
        var keepers = new[] { Keeper, second.GetRequiredService<PinKeeper>() };
        var taken = await Task.WhenAll(keepers.SelectMany(keeper => Enumerable.Range(0, 4).Select(_ => keeper.CopyNextAsync(Cancellation))));

        Assert.That(taken.Count(one => one), Is.EqualTo(4));
        Assert.That(_bundles.Copies, Is.EqualTo(8), "four when they were pinned, and each once more");
    }

    [Test]
    public async Task What_has_expired_is_not_copied_again_and_keeps_the_copy_there_is()
    {
        var id = await OldEventAsync();
        _bundles.IsOver = false;
        await Pins.PinAsync(id, null, Cancellation);
        await DropAsync();
        await MakeDueAsync(id);

        Assert.That(await Keeper.CopyNextAsync(Cancellation), Is.True);
        Assert.That(await Keeper.CopyNextAsync(Cancellation), Is.False);

        var kept = (await Pins.ReadAsync(id, Cancellation))!;
        Assert.That((kept.Pin.IsComplete, kept.Pin.NextCopyAt, kept.Bundle.GetProperty("number").GetInt32()), Is.EqualTo((false, (DateTimeOffset?)null, 1)));
    }

    [Test]
    public async Task A_copy_that_is_too_large_is_refused_and_one_that_has_grown_too_large_leaves_the_one_before()
    {
        var id = await NewEventAsync();
        _bundles.Filling = IPinnedEvents.MostBytes;
        var refused = await RefusalOf(Pins.PinAsync(id, null, Cancellation));
        Assert.That((refused.Kind, refused.Message), Is.EqualTo((
            RefusalKind.TooLarge, "The event with all that came of it takes more than 4 MiB: that is the most that a pin keeps.")));
        Assert.That(await Pins.FindAsync(id, Cancellation), Is.Null);

        (_bundles.Filling, _bundles.IsOver) = (10, false);
        await Pins.PinAsync(id, null, Cancellation);
        _bundles.Filling = IPinnedEvents.MostBytes;
        await MakeDueAsync(id);
        await Keeper.CopyNextAsync(Cancellation);

        var kept = (await Pins.ReadAsync(id, Cancellation))!;
        Assert.That(kept.Pin.Problem, Is.EqualTo(refused.Message));
        Assert.That(kept.Bundle.GetProperty("text").GetString(), Has.Length.EqualTo(10));
        Assert.That(kept.Pin.NextCopyAt, Is.GreaterThan(kept.Pin.CopiedAt.AddHours(5)));
        _bundles.Filling = 10;
        Assert.That((await Pins.PinAsync(id, null, Cancellation))!.Value.Pin.Problem, Is.Null, "pinned again, it is copied again");
    }

    [Test]
    public async Task No_more_events_are_pinned_than_may_be()
    {
        var (one, two) = (await NewEventAsync(), await NewEventAsync());
        await ExecuteAsync(
            """
            INSERT INTO pinned_event (event, event_created, trigger_ref, bundle, bytes, is_complete, copied_at)
            SELECT -n, now(), 'test.filling', '{}', 2, true, now()
              FROM generate_series(1, @count) AS n
            """, new { count = IPinnedEvents.Most - 1 });
        await Pins.PinAsync(one, null, Cancellation);

        var refused = await RefusalOf(Pins.PinAsync(two, null, Cancellation));

        Assert.That((refused.Kind, refused.Message), Is.EqualTo((
            RefusalKind.Conflict, "2,000 events are pinned already: one has to be unpinned first.")));
        Assert.That((await Pins.PinAsync(one, "again", Cancellation))!.Value.IsNew, Is.False, "one that is pinned stays so");
        Assert.That((await Pins.TotalsAsync(Cancellation)).Count, Is.EqualTo(IPinnedEvents.Most));
    }

    [Test]
    public async Task Notes_are_short_texts_that_can_be_stored_and_events_have_to_be_there()
    {
        var id = await NewEventAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That((await RefusalOf(Pins.PinAsync(id, new string('x', 501), Cancellation))).Field, Is.EqualTo("note"));
            Assert.That((await RefusalOf(Pins.PinAsync(id, "a\0b", Cancellation))).Field, Is.EqualTo("note"));
            Assert.That((await Pins.PinAsync(id, string.Concat(Enumerable.Repeat("😀", 250)), Cancellation))!.Value.Pin.Note, Has.Length.EqualTo(500));
            Assert.That((await Pins.PinAsync(id, "  ", Cancellation))!.Value.Pin.Note, Is.Null);
            Assert.That(await Pins.PinAsync(long.MaxValue, "no", Cancellation), Is.Null);
            Assert.That(await Pins.PinAsync(-1, "no", Cancellation), Is.Null);
            Assert.That(await Pins.FindAsync(long.MinValue, Cancellation), Is.Null);
        }
    }

    [Test]
    public async Task Pages_of_pins_joined_give_every_pin_once_the_newest_first()
    {
        var ids = new List<long>();
        for (var i = 0; i < 5; i++)
        {
            ids.Add(await NewEventAsync());
            await Pins.PinAsync(ids[^1], $"{i}", Cancellation);
        }

        var first = await Pins.ListAsync(new() { Size = 3, IncludeTotal = true }, Cancellation);
        var second = await Pins.ListAsync(new() { Size = 3, After = first.Next }, Cancellation);

        Assert.That(first.Items.Concat(second.Items).Select(pin => pin.Event), Is.EqualTo(Enumerable.Reverse(ids)));
        Assert.That((first.Total!.Value.Items, second.Next), Is.EqualTo((5L, (Cursor?)null)));
    }

    [Test]
    public void Copies_become_rarer_while_something_is_under_way_and_end_before_rows_are_dropped()
    {
        var created = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        var dropped = created.AddDays(90);

        DateTimeOffset? Next(TimeSpan age, bool isComplete) => PinCopies.NextCopy(created + age, created, dropped, isComplete);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Next(TimeSpan.FromSeconds(1), false), Is.EqualTo(created.AddSeconds(11)));
            Assert.That(Next(TimeSpan.FromMinutes(10), false), Is.EqualTo(created.AddMinutes(11)));
            Assert.That(Next(TimeSpan.FromDays(5), false), Is.EqualTo(created.AddDays(5).AddHours(1)));
            Assert.That(Next(TimeSpan.FromDays(90) - TimeSpan.FromMinutes(30), false), Is.Null);
            Assert.That(Next(TimeSpan.FromDays(200), false), Is.Null);
            Assert.That(Next(TimeSpan.FromMinutes(10), true), Is.EqualTo(dropped.AddDays(-2)));
            Assert.That(Next(TimeSpan.FromDays(88.5), true), Is.Null, "that was the last copy");
        }
    }

    private async Task<long> NewEventAsync() =>
        (await Ledger.AppendAsync(new NewEvent { TriggerRef = (await NewTriggerAsync()).Ref }, Cancellation)).Id;

    private async Task<long> OldEventAsync() => await ScalarAsync<long>(
        "INSERT INTO event (trigger_ref, created) VALUES ('test.old', now() - INTERVAL '10 days') RETURNING id");

    private Task MakeDueAsync(long id) =>
        ExecuteAsync("UPDATE pinned_event SET next_copy_at = clock_timestamp() WHERE event = @id", new { id });

    // As retention does after ninety days.
    private async Task DropAsync()
    {
        if (Engine == DatabaseEngine.Timescale)
        {
            await ExecuteAsync("SELECT drop_chunks('event', older_than => INTERVAL '5 days')");
        }
        else
        {
            await ExecuteAsync("UPDATE time_table SET keep = INTERVAL '5 days' WHERE table_name = 'event'");
            await Get<TimeTables>().MaintainAsync(Cancellation);
            await ExecuteAsync("UPDATE time_table SET keep = INTERVAL '90 days' WHERE table_name = 'event'");
        }
    }

    private sealed class SaidBundles : IEventBundles
    {
        private int _copies;

        public bool IsOver { get; set; }

        public int Filling { get; set; }

        public int Copies { get => _copies; set => _copies = value; }

        public async Task<bool> CopyAsync(Event found, Stream stream, CancellationToken cancellationToken)
        {
            var number = Interlocked.Increment(ref _copies);
            var text = $$"""{"text": "{{new string('x', Filling)}}", "event": {"id": {{found.Id}}}, "number": {{number}}}""";
            await stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            return IsOver;
        }
    }
}
