using System.Text.Json;
using Npgsql;

namespace Attune.Tests.Faults;

/// <summary>Timers while several hosts run, and while none does: one event a tick, and no tick lost.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class TimersOfTwoHostsTests(DatabaseEngine engine)
{
    [Test]
    public async Task Two_hosts_fire_each_tick_once_and_leave_none_out_while_one_comes_and_goes()
    {
        await using var first = await RunningHost.StartAsync(engine);
        await MakeRuleAsync(first, "two.every_second", """{"expression": "* * * * * *"}""");

        await using (await first.StartAnotherAsync())
        {
            await Eventually.HoldsAsync(
                async () => (await TicksAsync(first, "two.every_second")).Count >= 4, "several ticks with two hosts");
        }

        var soFar = (await TicksAsync(first, "two.every_second")).Count;
        await Eventually.HoldsAsync(
            async () => (await TicksAsync(first, "two.every_second")).Count >= soFar + 2, "ticks go on with one host");

        var ticks = await TicksAsync(first, "two.every_second");
        Assert.That(ticks.Zip(ticks.Skip(1), (one, next) => next - one), Is.All.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public async Task Ticks_that_came_due_while_no_host_ran_are_known_of_at_the_next_start()
    {
        await using var first = await RunningHost.StartAsync(engine);
        var halfAYearAgo = DateTimeOffset.UtcNow.AddMonths(-6);
        var last = new DateTimeOffset(halfAYearAgo.Year, halfAYearAgo.Month, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var missed in (string[])["latest", "all", "none"])
        {
            await MakeRuleAsync(first, $"off.{missed}", $$"""{"expression": "0 0 1 {{last.Month}} *", "missed_ticks": "{{missed}}"}""");
        }

        // As if nothing had run for three years.
        await using (var database = NpgsqlDataSource.Create(first.ConnectionString))
        {
            await using var command = database.CreateCommand(
                """
                UPDATE attune.rule_timer
                   SET position = $1
                 WHERE rule IN (SELECT id FROM attune.rule WHERE ref LIKE 'off.%')
                """);
            command.Parameters.AddWithValue(last.AddMonths(-30));
            Assert.That(await command.ExecuteNonQueryAsync(), Is.EqualTo(3));
        }

        await Eventually.HoldsAsync(async () => (await PayloadsAsync(first, "off.latest")).Count == 1, "the last of the missed ticks");
        await Eventually.HoldsAsync(async () => (await PayloadsAsync(first, "off.all")).Count == 3, "each of the missed ticks");
        var latest = (await PayloadsAsync(first, "off.latest")).Single();
        Assert.That((latest.GetProperty("tick").GetDateTimeOffset(), latest.GetProperty("missed").GetInt64()), Is.EqualTo((last, 2L)));
        Assert.That(await TicksAsync(first, "off.all"), Is.EqualTo((DateTimeOffset[])[last.AddYears(-2), last.AddYears(-1), last]));

        // Another host finds nothing left to do.
        await using var second = await first.StartAnotherAsync();
        await MakeRuleAsync(second, "off.marker", """{"expression": "* * * * * *"}""");
        await Eventually.HoldsAsync(async () => (await TicksAsync(second, "off.marker")).Count >= 3, "the second host's timers run");
        Assert.That(await PayloadsAsync(second, "off.latest"), Has.Count.EqualTo(1));
        Assert.That(await PayloadsAsync(second, "off.all"), Has.Count.EqualTo(3));
        Assert.That(await PayloadsAsync(second, "off.none"), Is.Empty);
    }

    private static Task MakeRuleAsync(RunningHost host, string reference, string parameters) => host.Api.PostAsync("/api/v1/rules", new
    {
        @ref = reference, label = reference, trigger_ref = "core.cron", action_ref = "core.noop",
        trigger_params = JsonElement.Parse(parameters),
    });

    private static async Task<IReadOnlyList<DateTimeOffset>> TicksAsync(RunningHost host, string rule) =>
        [.. (await PayloadsAsync(host, rule)).Select(payload => payload.GetProperty("tick").GetDateTimeOffset()).Order()];

    private static async Task<IReadOnlyList<JsonElement>> PayloadsAsync(RunningHost host, string rule)
    {
        var payloads = new List<JsonElement>();
        foreach (var listed in await host.Api.ListAsync($"/api/v1/events?rule_ref={rule}&per_page=100"))
        {
            payloads.Add((await host.Api.DataAsync($"/api/v1/events/{listed.GetProperty("id")}")).GetProperty("payload"));
        }

        return payloads;
    }
}
