using System.Text.Json;
using Attune.Modules.Events;
using Bogus;

namespace Attune.Tests.Events;

public sealed class ListingEventsTests(DatabaseEngine engine) : EventsTest(engine)
{
    private const int Count = 400;

    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    private IReadOnlyList<Event> _all = [];

    private static IEnumerable<EventFilter> Filters =>
    [
        new(),
        new() { TriggerRef = "list.a" },
        new() { Trigger = 2 },
        new() { RuleRef = "list.rule_1" },
        new() { SourceRef = "till" },
        new() { Source = 5 },
        new() { TriggerRef = "list.b", SourceRef = "shop" },
        new() { Since = Now.AddDays(-3) },
        new() { Until = Now.AddDays(-3) },
        new() { Since = Now.AddDays(-20), Until = Now.AddDays(-2), TriggerRef = "list.a" },
        new() { Since = Now.AddDays(-20).ToOffset(TimeSpan.FromHours(9)), Until = Now.AddHours(-1).ToOffset(TimeSpan.FromHours(-7)) },
        new() { Trigger = 1, TriggerRef = "list.b" },
        new() { Since = Now, Until = Now.AddDays(-1) },
        new() { TriggerRef = "list.absent" },
    ];

    [OneTimeSetUp]
    public async Task WriteEventsAsync()
    {
        // Most are recent, some are weeks old, and some were written at the same instant.
        var fake = new Faker { Random = new Randomizer(4711) };
        var instants = fake.Make(Count / 2, () => fake.Random.Bool(0.5f)
            ? Now.AddSeconds(-fake.Random.Int(0, 60_000))
            : Now.AddSeconds(-fake.Random.Int(0, 40 * 86_400)));
        foreach (var created in instants.Concat(instants))
        {
            await ExecuteAsync(
                """
                INSERT INTO event (trigger, trigger_ref, payload, source, source_ref, created, rule, rule_ref)
                VALUES (@trigger, @triggerRef, @payload, @source, @sourceRef, @created, @rule, @ruleRef)
                """,
                new
                {
                    trigger = fake.Random.Long(1, 3),
                    triggerRef = fake.PickRandom("list.a", "list.b"),
                    payload = (JsonElement?)Parse("{}"),
                    source = fake.Random.Long(1, 9),
                    sourceRef = fake.PickRandom("shop", "till", null),
                    created = new DateTimeOffset(created.UtcTicks / 10 * 10, TimeSpan.Zero),
                    rule = (long?)1,
                    ruleRef = fake.PickRandom("list.rule_1", null, null),
                });
        }

        _all = [.. (await QueryAsync<Event>(
            """
            SELECT id, trigger, trigger_ref, payload, source, source_ref, created, rule, rule_ref
              FROM event
            """)).OrderByDescending(one => one.Created).ThenByDescending(one => one.Id)];
    }

    [Test]
    public async Task The_neighbours_of_an_event_are_those_of_its_trigger_in_the_order_of_lists()
    {
        var ofTrigger = _all.Where(one => one.TriggerRef == "list.a").OrderBy(one => one.Created).ThenBy(one => one.Id).ToList();
        for (var index = 0; index < ofTrigger.Count; index += ofTrigger.Count / 40)
        {
            var found = await Get<IEventRepository>().NeighboursAsync(ofTrigger[index], Cancellation);

            Assert.That((found.Older, found.Newer), Is.EqualTo(
                (index == 0 ? null : (long?)ofTrigger[index - 1].Id, index == ofTrigger.Count - 1 ? null : (long?)ofTrigger[index + 1].Id)));
        }

        var last = await Get<IEventRepository>().NeighboursAsync(ofTrigger[^1], Cancellation);
        Assert.That(last.Newer, Is.Null);
        Assert.That(await Get<IEventRepository>().ExistsAsync(ofTrigger[0].Id, Cancellation), Is.True);
        Assert.That(await Get<IEventRepository>().ExistsAsync(long.MaxValue, Cancellation), Is.False);
    }

    [TestCaseSource(nameof(Filters))]
    public async Task Pages_joined_give_every_event_that_matches_once_newest_first(EventFilter filter)
    {
        var seen = new List<long>();
        Cursor? after = null;
        do
        {
            var page = await Events.ListAsync(filter, new() { Size = 37, After = after }, Cancellation);
            seen.AddRange(page.Items.Select(one => one.Id));
            after = page.Next;
        }
        while (after is not null);

        Assert.That(seen, Is.EqualTo(Matching(filter).Select(one => one.Id)));
    }

    [TestCaseSource(nameof(Filters))]
    public async Task Pages_read_upwards_give_every_event_that_matches_once_each_page_newest_first(EventFilter filter)
    {
        var matching = Matching(filter).Select(one => one.Id).ToList();
        var seen = new List<long>();
        Cursor? before = new(DateTimeOffset.UnixEpoch, 0);
        do
        {
            var page = await Events.ListAsync(filter, new() { Size = 37, Before = before }, Cancellation);
            seen.InsertRange(0, page.Items.Select(one => one.Id));
            Assert.That(seen, Is.EqualTo(matching.TakeLast(seen.Count)));
            before = page.Next;
        }
        while (before is not null);

        Assert.That(seen, Has.Count.EqualTo(matching.Count));
    }

    [Test]
    public async Task The_page_above_a_row_ends_with_the_row_above_it_and_counts_the_whole_list()
    {
        foreach (var index in new[] { 0, 1, 150, Count - 1 })
        {
            var page = await Events.ListAsync(
                new(), new() { Size = 20, Before = new(_all[index].Created, _all[index].Id), IncludeTotal = true }, Cancellation);

            Assert.That(page.Items.Select(one => one.Id), Is.EqualTo(_all.Take(index).TakeLast(20).Select(one => one.Id)));
            Assert.That(page.Next is not null, Is.EqualTo(index > 20));
            Assert.That(page.Total, Is.EqualTo(new Total(Count, IsMinimum: false)));
        }
    }

    [TestCaseSource(nameof(Filters))]
    public async Task Pages_by_number_are_the_same_and_past_the_end_there_is_nothing(EventFilter filter)
    {
        var matching = Matching(filter).Select(one => one.Id).ToList();
        for (var offset = 0; offset <= matching.Count + 50; offset += 50)
        {
            var page = await Events.ListAsync(filter, new() { Size = 50, Offset = offset }, Cancellation);

            Assert.That(page.Items.Select(one => one.Id), Is.EqualTo(matching.Skip(offset).Take(50)));
            Assert.That(page.Next is not null, Is.EqualTo(matching.Count > offset + 50));
        }
    }

    [TestCaseSource(nameof(Filters))]
    public async Task A_total_is_given_when_it_is_asked_for(EventFilter filter)
    {
        var without = await Events.ListAsync(filter, new() { Size = 5 }, Cancellation);
        var with = await Events.ListAsync(filter, new() { Size = 5, IncludeTotal = true }, Cancellation);

        Assert.That(without.Total, Is.Null);
        Assert.That(with.Total, Is.EqualTo(new Total(Matching(filter).Count(), IsMinimum: false)));
    }

    [Test]
    public async Task A_list_shows_that_there_is_a_payload_but_not_the_payload()
    {
        var page = await Events.ListAsync(new(), new() { Size = 1 }, Cancellation);

        Assert.That(page.Items.Single().HasPayload, Is.True);
        Assert.That(typeof(EventSummary).GetProperty("Payload"), Is.Null);
    }

    [Test]
    public async Task Events_of_every_age_are_found_by_their_id()
    {
        foreach (var one in _all)
        {
            var found = await Events.FindAsync(one.Id, Cancellation);

            Assert.That((found?.Id, found?.Created), Is.EqualTo(((long?)one.Id, (DateTimeOffset?)one.Created)));
        }
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(long.MaxValue)]
    public async Task An_id_that_no_event_has_finds_nothing(long id) =>
        Assert.That(await Events.FindAsync(id, Cancellation), Is.Null);

    private IEnumerable<Event> Matching(EventFilter filter) => _all.Where(one =>
        (filter.Trigger is null || one.Trigger == filter.Trigger)
        && (filter.TriggerRef is null || one.TriggerRef == filter.TriggerRef)
        && (filter.RuleRef is null || one.RuleRef == filter.RuleRef)
        && (filter.Source is null || one.Source == filter.Source)
        && (filter.SourceRef is null || one.SourceRef == filter.SourceRef)
        && (filter.Since is null || one.Created >= filter.Since)
        && (filter.Until is null || one.Created < filter.Until));
}
