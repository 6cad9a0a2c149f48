using Attune.Modules.Enforcements;

namespace Attune.Tests.Search;

[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class ChartingPathsTests(DatabaseEngine engine) : SearchTest(engine)
{
    [Test]
    public async Task Numbers_come_with_their_sums_and_the_events_that_have_them_newest_first()
    {
        var ids = await WriteHourlyAsync("chart.sums", ["""{"total": 5}""", """{"other": 1}""", """{"total": 10.5}""", """{"total": -2e0}"""]);

        var values = await ReadAsync("total", "chart.sums");

        Assert.That(values.Numbers, Is.EqualTo(new NumberSummary(3, -2, 4.5, 10.5)));
        Assert.That(values.Points.Select(point => (point.Event, point.Value)), Is.EqualTo(((long, double)[])[(ids[3], -2), (ids[2], 10.5), (ids[0], 5)]));
        Assert.That(values.Points, Is.Ordered.Descending.By(nameof(PathPoint.Created)));
        Assert.That((values.Events, values.Found, values.Complete), Is.EqualTo((4, 3, true)));
        Assert.That(values.Since, Is.EqualTo(values.Points[^1].Created));
    }

    [Test]
    public async Task Values_of_all_types_are_counted_and_those_of_each_item_of_a_list()
    {
        await WriteHourlyAsync("chart.types",
        [
            """{"alerts": [{"status": "firing"}, {"status": "ok"}, {"status": "firing"}, {"other": 1}]}""",
            """{"alerts": [{"status": true}, {"status": null}, {"status": ["a"]}, {"status": {"b": 1}}]}""",
            """{"alerts": []}""",
            """{"alerts": "none"}""",
        ]);

        var values = await ReadAsync("alerts[*].status", "chart.types");

        Assert.That(
            values.Top.Select(one => (one.Value.GetRawText(), one.Count)),
            Is.EqualTo(((string, int)[])[("\"firing\"", 2), ("\"ok\"", 1), ("null", 1), ("true", 1)]));
        Assert.That((values.Structures, values.Others, values.Found, values.Events), Is.EqualTo((2, 0, 2, 4)));
        Assert.That(values.Numbers, Is.Null);
    }

    [Test]
    public async Task Conditions_and_filters_of_the_list_are_those_of_the_chart()
    {
        await WriteHourlyAsync("chart.filtered", ["""{"total": 1, "paid": true}""", """{"total": 2, "paid": false}""", """{"total": 3, "paid": true}"""]);
        await WriteHourlyAsync("chart.other", ["""{"total": 100}"""]);
        await ExecuteAsync("""
            INSERT INTO enforcement (rule_ref, trigger_ref, event, created, payload, conditions, status)
            SELECT 'chart.rule', trigger_ref, id, created, payload, '[]', 'created'
              FROM event
             WHERE trigger_ref = 'chart.filtered'
               AND payload @> '{"total": 3}'
            """);

        Assert.That((await ReadAsync("total", "chart.filtered", "paid == true")).Points.Select(point => point.Value), Is.EqualTo((double[])[3, 1]));
        Assert.That((await ReadAsync("total", "chart.filtered", since: -150)).Points.Select(point => point.Value), Is.EqualTo((double[])[3, 2]));
        var matched = await Get<IPathValues>().ReadAsync(
            new() { Path = "total", Filter = new() { RuleRef = "chart.rule", Events = new() { TriggerRef = "chart.filtered" } } }, Cancellation);
        Assert.That(matched.Points.Select(point => point.Value), Is.EqualTo((double[])[3]));
    }

    [Test]
    public async Task No_more_than_a_thousand_events_are_looked_at_and_it_is_said()
    {
        foreach (var (trigger, events) in new[] { ("chart.many", 1_001), ("chart.just", 1_000) })
        {
            await ExecuteAsync($"""
                INSERT INTO event (trigger_ref, payload, created)
                SELECT '{trigger}', jsonb_build_object('total', number), now() - number * INTERVAL '1 second'
                  FROM generate_series(1, {events}) AS number
                """);
        }

        var values = await ReadAsync("total", "chart.many");
        Assert.That((values.Events, values.Complete, values.Numbers!.Most), Is.EqualTo((1_000, false, 1_000.0)));
        Assert.That((values.Top.Count, values.Others), Is.EqualTo((PathValues.MostTop, 980)));
        Assert.That((await ReadAsync("total", "chart.just")).Complete, Is.True);
    }

    [Test]
    public async Task A_payload_that_is_too_large_is_left_out_and_counted()
    {
        await ExecuteAsync("""
            INSERT INTO event (trigger_ref, payload, created)
            SELECT 'chart.large', jsonb_build_object('total', 1, 'text', (SELECT string_agg(md5(number::text), '') FROM generate_series(1, 6000) AS number)), now()
            """);
        await WriteHourlyAsync("chart.large", ["""{"total": 2}"""]);

        var values = await ReadAsync("total", "chart.large");

        Assert.That((values.Events, values.TooLarge, values.Found), Is.EqualTo((2, 1, 1)));
        Assert.That(values.Numbers!.Most, Is.EqualTo(2));
    }

    [Test]
    public async Task Numbers_that_no_computer_adds_are_counted_as_values_alone()
    {
        await WriteHourlyAsync("chart.huge", ["""{"total": 1e400}""", """{"total": 1e308}""", """{"total": 1e308}"""]);

        var values = await ReadAsync("total", "chart.huge");

        Assert.That(values.Numbers, Is.EqualTo(new NumberSummary(2, 1e308, 1e308, 1e308)));
        Assert.That(values.Others, Is.EqualTo(3), "they are written in more than 200 digits");
    }

    [TestCase("a..b", null)]
    [TestCase("", null)]
    [TestCase("event.config.query", null)]
    [TestCase("event.created", null)]
    [TestCase("total", "total >")]
    public void A_path_or_a_search_that_is_none_is_refused(string path, string? query) =>
        Assert.That(
            () => Get<IPathValues>().ReadAsync(new() { Path = path, Query = query }, Cancellation),
            Throws.TypeOf<RefusedException>().With.Property("Field").EqualTo(query is null ? "path" : "q"));

    private Task<PathValues> ReadAsync(string path, string trigger, string? query = null, int? since = null) => Get<IPathValues>().ReadAsync(
        new()
        {
            Path = path, Query = query,
            Filter = new() { Events = new() { TriggerRef = trigger, Since = since is { } minutes ? DateTimeOffset.UtcNow.AddMinutes(minutes) : null } },
        },
        Cancellation);
}
