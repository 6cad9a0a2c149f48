using Attune.Modules.Enforcements;
using Bogus;

namespace Attune.Tests.Enforcements;

public sealed class ListingTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private const int Count = 160;

    private static readonly string[] s_rules = ["list.a", "list.b", "list.c"];

    private List<Enforcement> _enforcements = [];

    [OneTimeSetUp]
    public async Task WriteAsync()
    {
        // Over forty days, so that lists reach into every time window; some share an instant.
        var now = DateTimeOffset.UtcNow;
        var faker = new Faker<EnforcementRow>().UseSeed(7)
            .RuleFor(one => one.RuleRef, fake => fake.PickRandom(s_rules))
            .RuleFor(one => one.TriggerRef, fake => fake.PickRandom("list.x", "list.y"))
            .RuleFor(one => one.Event, fake => fake.Random.Long(1_000_000, 1_000_020))
            .RuleFor(one => one.Created, fake => now.AddHours(-fake.Random.Int(0, 40 * 24)));
        _enforcements = [];
        foreach (var one in faker.Generate(Count))
        {
            var id = await Database.InsertEnforcementAsync(one, Cancellation);
            if (_enforcements.Count % 5 != 0)
            {
                await Database.ResolveEnforcementAsync(
                    id, _enforcements.Count % 5 == 1 ? EnforcementStatus.Disabled : EnforcementStatus.Processed, Cancellation);
            }

            _enforcements.Add((await Enforcements.FindAsync(id, Cancellation))!);
        }

        await ExecuteAsync("""
            INSERT INTO execution (action_ref, status, rule_ref, enforcement, created, parent, result)
            SELECT CASE number % 3 WHEN 0 THEN 'list.one' WHEN 1 THEN 'list.two' ELSE 'listed.three' END,
                   (ARRAY['requested', 'running', 'completed', 'failed'])[1 + number % 4]::execution_status_enum,
                   CASE WHEN number % 2 = 0 THEN 'list.a' END, number % 10, now() - number * INTERVAL '9 hours',
                   CASE WHEN number % 7 = 0 THEN 1 END, jsonb_build_object('data', 'Result ' || number)
              FROM generate_series(1, 120) AS number
            """);
    }

    [Test]
    public async Task Pages_joined_give_every_enforcement_once_newest_first([Values(1, 7, 50, 100)] int size)
    {
        var all = await AllAsync(new(), size);

        Assert.That(all.Select(one => one.Id), Is.EqualTo(Expected(_ => true)));
    }

    [Test]
    public async Task Filters_hold_together()
    {
        await AssertAsync(new() { RuleRef = "list.a" }, one => one.RuleRef == "list.a");
        await AssertAsync(new() { TriggerRef = "list.x" }, one => one.TriggerRef == "list.x");
        await AssertAsync(new() { RuleRef = "list.b", TriggerRef = "list.y" }, one => one is { RuleRef: "list.b", TriggerRef: "list.y" });
        await AssertAsync(new() { Event = 1_000_003 }, one => one.Event == 1_000_003);
        await AssertAsync(new() { Event = 1_000_003, TriggerRef = "list.x" }, one => one is { Event: 1_000_003, TriggerRef: "list.x" });
        await AssertAsync(new() { Event = 77 }, _ => false);
        await AssertAsync(new() { Rule = 77 }, _ => false);
        await AssertAsync(new() { RuleRef = "no\0ne" }, _ => false);
        var since = DateTimeOffset.UtcNow.AddDays(-20).ToOffset(TimeSpan.FromHours(5));
        var until = DateTimeOffset.UtcNow.AddDays(-3);
        await AssertAsync(new() { Since = since, Until = until }, one => one.Created >= since && one.Created < until);
        await AssertAsync(new() { Since = until, Until = since }, _ => false);
    }

    [Test]
    public async Task Statuses_are_listed_alone_or_several_at_once()
    {
        EnforcementStatus[][] choices =
        [
            [EnforcementStatus.Created], [EnforcementStatus.Processed], [EnforcementStatus.Disabled],
            [EnforcementStatus.Created, EnforcementStatus.Disabled], [EnforcementStatus.Created, EnforcementStatus.Created],
            [EnforcementStatus.Created, EnforcementStatus.Processed, EnforcementStatus.Disabled],
        ];
        foreach (var choice in choices)
        {
            await AssertAsync(new() { Statuses = choice }, one => choice.Contains(one.Status));
            await AssertAsync(
                new() { Statuses = choice, RuleRef = "list.a" }, one => choice.Contains(one.Status) && one.RuleRef == "list.a");
        }
    }

    [Test]
    public async Task A_page_by_its_number_is_the_same_page()
    {
        var filter = new EnforcementFilter { Statuses = [EnforcementStatus.Created, EnforcementStatus.Disabled] };
        var first = await Enforcements.ListAsync(filter, new() { Size = 10 }, Cancellation);
        var second = await Enforcements.ListAsync(filter, new() { Size = 10, After = first.Next }, Cancellation);

        Assert.That((await Enforcements.ListAsync(filter, new() { Size = 10, Offset = 10 }, Cancellation)).Items, Is.EqualTo(second.Items));
        Assert.That((await Enforcements.ListAsync(filter, new() { Size = 10, Offset = 1_000_000 }, Cancellation)).Items, Is.Empty);
    }

    [Test]
    public async Task Executions_are_listed_by_all_their_filters()
    {
        Assert.That(await CountAsync(new()), Is.EqualTo(120));
        Assert.That(await CountAsync(new() { ActionRef = "list.one" }), Is.EqualTo(40));
        Assert.That(await CountAsync(new() { PackName = "list" }), Is.EqualTo(80));
        Assert.That(await CountAsync(new() { PackName = "li%" }), Is.Zero);
        Assert.That(await CountAsync(new() { RuleRef = "list.a" }), Is.EqualTo(60));
        Assert.That(await CountAsync(new() { Enforcement = 3 }), Is.EqualTo(12));
        Assert.That(await CountAsync(new() { Parent = 1 }), Is.EqualTo(17));
        Assert.That(await CountAsync(new() { TopLevelOnly = true }), Is.EqualTo(103));
        Assert.That(await CountAsync(new() { ResultContains = "result 11" }), Is.EqualTo(11));
        Assert.That(await CountAsync(new() { ResultContains = "%" }), Is.Zero);
        Assert.That(await CountAsync(new() { Statuses = [ExecutionStatus.Running] }), Is.EqualTo(30));
        Assert.That(await CountAsync(new() { Statuses = [ExecutionStatus.Running, ExecutionStatus.Failed] }), Is.EqualTo(60));
        Assert.That(await CountAsync(new() { Statuses = [ExecutionStatus.Running, ExecutionStatus.Failed], RuleRef = "list.a" }), Is.Zero);
        Assert.That(await CountAsync(new() { Worker = 1 }), Is.Zero);
        Assert.That(await CountAsync(new() { Executor = 1 }), Is.Zero);
        Assert.That(await CountAsync(new() { TriggerRef = "no\0ne" }), Is.Zero);
        Assert.That(await CountAsync(
            new() { Since = DateTimeOffset.UtcNow.AddHours(-91), Until = DateTimeOffset.UtcNow.AddHours(-1) }), Is.EqualTo(10));
    }

    private async Task AssertAsync(EnforcementFilter filter, Func<Enforcement, bool> expected)
    {
        Assert.That((await AllAsync(filter, 9)).Select(one => one.Id), Is.EqualTo(Expected(expected)), filter.ToString());
        var counted = await Enforcements.ListAsync(filter, new() { Size = 1, IncludeTotal = true }, Cancellation);
        Assert.That(counted.Total, Is.EqualTo(new Total(_enforcements.Count(expected), IsMinimum: false)), filter.ToString());
    }

    private IEnumerable<long> Expected(Func<Enforcement, bool> expected) =>
        _enforcements.Where(expected).OrderByDescending(one => one.Created).ThenByDescending(one => one.Id).Select(one => one.Id);

    private async Task<List<EnforcementSummary>> AllAsync(EnforcementFilter filter, int size)
    {
        var all = new List<EnforcementSummary>();
        Cursor? after = null;
        do
        {
            var page = await Enforcements.ListAsync(filter, new() { Size = size, After = after }, Cancellation);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        // Upwards from the last of them it is the same.
        var again = new List<EnforcementSummary>();
        Cursor? before = new(DateTimeOffset.UnixEpoch, 0);
        do
        {
            var page = await Enforcements.ListAsync(filter, new() { Size = size, Before = before }, Cancellation);
            again.InsertRange(0, page.Items);
            before = page.Next;
        }
        while (before is not null);

        Assert.That(again.Select(one => one.Id), Is.EqualTo(all.Select(one => one.Id)), filter.ToString());
        return all;
    }

    private async Task<int> CountAsync(ExecutionFilter filter)
    {
        var seen = new HashSet<long>();
        Cursor? after = null;
        long total;
        do
        {
            var page = await Executions.ListAsync(filter, new() { Size = 25, After = after, IncludeTotal = true }, Cancellation);
            Assert.That(page.Items.All(one => seen.Add(one.Id)));
            Assert.That(page.Items.Select(one => one.Created), Is.Ordered.Descending);
            total = page.Total!.Value.Items;
            after = page.Next;
        }
        while (after is not null);

        var above = await Executions.ListAsync(filter, new() { Size = 25, Before = new(DateTimeOffset.UnixEpoch, 0) }, Cancellation);
        Assert.That(above.Items.Select(one => one.Created), Is.Ordered.Descending);
        Assert.That(above.Items.Select(one => one.Id).ToList(), Is.SubsetOf(seen).And.Count.EqualTo(Math.Min(25, seen.Count)));

        Assert.That(total, Is.EqualTo(seen.Count), filter.ToString());
        return seen.Count;
    }
}
