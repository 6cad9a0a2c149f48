using System.Net;
using System.Text;
using System.Text.Json;

namespace Attune.Tests.Enforcements;

/// <summary>Timers as a program sees them: tried, saved, refused, and their events.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class TimersOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    private static int s_number;

    [Test]
    public async Task A_timer_is_tried_without_being_saved()
    {
        var before = await TimersAsync();

        var answer = await SendAsync("timers/try", """
            {"trigger_ref": "core.cron", "trigger_params": {"expression": "0 12 27 * MON", "timezone": "Europe/Berlin"}}
            """, HttpStatusCode.OK);

        var ticks = answer.GetProperty("data").GetProperty("next_ticks").EnumerateArray().ToList();
        Assert.That(ticks, Has.Count.EqualTo(10));
        Assert.That(ticks.Select(tick => tick.GetString()), Is.All.Matches(@"^\d{4}-\d\d-\d\dT1[01]:00:00Z$"));
        Assert.That(ticks.Select(tick => tick.GetDateTimeOffset()), Is.Ordered.And.All.Matches<DateTimeOffset>(
            tick => tick.Day == 27 || tick.DayOfWeek == DayOfWeek.Monday));
        Assert.That(await TimersAsync(), Is.EqualTo(before));
    }

    [TestCase("{}", "trigger_ref")]
    [TestCase("""{"trigger_ref": "core.webhook"}""", "trigger_ref")]
    [TestCase("""{"trigger_ref": "no\u0000ne"}""", "trigger_ref")]
    [TestCase("""{"trigger_ref": 5}""", "trigger_ref")]
    [TestCase("""{"trigger_ref": "core.cron"}""", "trigger_params.expression")]
    [TestCase("""{"trigger_ref": "core.cron", "trigger_params": []}""", "trigger_params")]
    [TestCase("""{"trigger_ref": "core.cron", "trigger_params": {"expression": "0 0 31 2 *"}}""", "trigger_params.expression")]
    [TestCase("""{"trigger_ref": "core.cron", "trigger_params": {"expression": "0 0\u0000 * * *"}}""", "trigger_params.expression")]
    [TestCase(
        """{"trigger_ref": "core.cron", "trigger_params": {"expression": "0 0 * * *", "timezone": "Berlin"}}""", "trigger_params.timezone")]
    [TestCase("""{"trigger_ref": "core.interval", "trigger_params": {"seconds": 0}}""", "trigger_params.seconds")]
    [TestCase("""{"trigger_ref": "core.date_time", "trigger_params": {"fire_at": "2020-01-01T00:00:00Z"}}""", "trigger_params.fire_at")]
    [TestCase("""{"trigger_ref": "core.date_time", "trigger_params": {"fire_at": "2099-01-01T00:00:00"}}""", "trigger_params.fire_at")]
    [TestCase("""{"trigger_ref": "core.interval", "trigger_params": {"seconds": 5}, "more": 1}""", "more")]
    public async Task A_timer_that_cannot_be_is_refused_with_the_field(string body, string field)
    {
        var answer = await SendAsync("timers/try", body, HttpStatusCode.UnprocessableEntity);

        Assert.That(answer.GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(field), answer.GetRawText());
    }

    [TestCase("core.date_time", """{"fire_at": "2020-01-01T00:00:00Z"}""", "trigger_params.fire_at")]
    [TestCase("core.datetimetimer", """{"fire_at": "2020-01-01T00:00:00Z"}""", "trigger_params.fire_at")]
    [TestCase("core.cron", """{"expression": "0 0 30 2 *"}""", "trigger_params.expression")]
    [TestCase("core.crontimer", """{"expression": "0 0 31 2 *"}""", "trigger_params.expression")]
    [TestCase("core.intervaltimer", """{"interval": 0}""", "trigger_params.interval")]
    public async Task A_rule_whose_timer_would_never_tick_is_refused_with_the_field(string trigger, string parameters, string field)
    {
        var answer = await SendAsync("rules", RuleBody(NewName(), trigger, parameters), HttpStatusCode.UnprocessableEntity);

        Assert.That(answer.GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(field), answer.GetRawText());
    }

    [Test]
    public async Task A_rule_answers_its_next_ticks_and_can_be_sent_back_with_them()
    {
        var name = NewName();
        var made = (await SendAsync("rules", RuleBody(name, "core.intervaltimer", """{"unit": "days", "interval": 1}"""),
            HttpStatusCode.Created)).GetProperty("data");

        Assert.That(made.GetProperty("next_ticks").GetArrayLength(), Is.EqualTo(10));
        Assert.That(made.GetProperty("next_ticks")[0].GetString(), Does.Match(@"^\d{4}-\d\d-\d\dT00:00:00Z$"));
        var read = await Api.DataAsync($"/api/v1/rules/{name}");
        Assert.That(read.GetProperty("next_ticks").GetArrayLength(), Is.EqualTo(10));
        var (status, answer) = await Api.SendRawAsync(
            HttpMethod.Put, $"/api/v1/rules/{name}", Encoding.UTF8.GetBytes(read.GetRawText()), "application/json");
        Assert.That(status, Is.EqualTo(HttpStatusCode.OK), answer);
        Assert.That(JsonElement.Parse(answer).GetProperty("data").GetProperty("version").GetInt32(), Is.EqualTo(1));
    }

    [TestCase("core.intervaltimer", """{"unit": "seconds", "interval": 1}""", "interval")]
    [TestCase("core.crontimer", """{"expression": "* * * * * *", "timezone": "UTC"}""", "cron")]
    [TestCase("core.datetimetimer", null, "one_shot")]
    public async Task The_original_s_timers_bring_events_of_their_own_trigger(string trigger, string? parameters, string type)
    {
        var name = NewName();
        parameters ??= $$"""{"fire_at": "{{DateTimeOffset.UtcNow.AddSeconds(4):yyyy-MM-dd'T'HH:mm:ss'Z'}}"}""";
        await SendAsync("rules", RuleBody(name, trigger, parameters), HttpStatusCode.Created);

        await Eventually.HoldsAsync(
            async () => (await Api.ListAsync($"/api/v1/executions?rule_ref={name}&status=completed")).Count > 0,
            "a tick led to an execution");
        var listed = (await Api.ListAsync($"/api/v1/events?rule_ref={name}"))[0];
        var payload = (await Api.DataAsync($"/api/v1/events/{listed.GetProperty("id")}")).GetProperty("payload");

        Assert.That(listed.GetProperty("trigger_ref").GetString(), Is.EqualTo(trigger));
        Assert.That(
            (payload.GetProperty("type").GetString(), payload.GetProperty("fired_at").GetString()),
            Is.EqualTo((type, payload.GetProperty("tick").GetString())));
        await Api.Http.DeleteAsync(new Uri($"/api/v1/rules/{name}", UriKind.Relative));
    }

    private static string NewName() => $"timed.rule_{Interlocked.Increment(ref s_number)}";

    private static string RuleBody(string name, string trigger, string parameters) => $$"""
        {"ref": "{{name}}", "label": "Timed", "trigger_ref": "{{trigger}}", "action_ref": "core.noop", "trigger_params": {{parameters}}}
        """;

    private async Task<int> TimersAsync() => (await Api.ListAsync("/api/v1/rules?per_page=100")).Count;

    private async Task<JsonElement> SendAsync(string path, string body, HttpStatusCode expected)
    {
        var (status, answer) = await Api.SendRawAsync(
            HttpMethod.Post, $"/api/v1/{path}", Encoding.UTF8.GetBytes(body), "application/json");
        Assert.That(status, Is.EqualTo(expected), answer);
        return JsonElement.Parse(answer);
    }
}
