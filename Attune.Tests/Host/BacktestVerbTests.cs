using System.Text.Json;

namespace Attune.Tests.Host;

/// <summary>The verb <c>backtest</c>, on a database that another program has filled.</summary>
public sealed class BacktestVerbTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private string Setting => $"--Database:ConnectionString={ConnectionString}";

    [Test]
    public async Task A_rule_is_tried_and_reported_as_a_table_and_as_JSON()
    {
        // Recent enough that retention leaves them alone.
        var since = TimeProvider.System.GetUtcNow().UtcDateTime.Date.AddDays(-3);
        string[] range = ["--since", $"{since:yyyy-MM-dd}", "--until", $"{since.AddDays(2):yyyy-MM-dd}"];
        await ExecuteAsync("""
            INSERT INTO event (trigger_ref, payload, created)
            SELECT 'core.webhook', jsonb_build_object('n', number), @since + (12 + number) * INTERVAL '1 hour'
              FROM generate_series(1, 20) AS number
            """, new { since });
        var draft = Path.GetTempFileName();
        await File.WriteAllTextAsync(
            draft, """{"trigger_ref": "core.webhook", "conditions": [{"field": "n", "operator": "greater_than", "value": 15}]}""",
            Cancellation);

        await using var table = await HostProgram.RunAsync(["backtest", "--draft", draft, .. range, Setting]);
        await using var json = await HostProgram.RunAsync(["backtest", "--draft", draft, .. range, "--first", "2", "--json", Setting]);
        File.Delete(draft);

        Assert.That(await table.ExitCodeAsync(), Is.Zero, () => table.Errors);
        Assert.That(table.Output, Does.Contain("A draft on core.webhook").And.Contains("20 events, 5 matches"));
        Assert.That(await json.ExitCodeAsync(), Is.Zero, () => json.Errors);
        var report = JsonElement.Parse(json.Output);
        Assert.That(
            report.GetProperty("days").EnumerateArray().Select(day => day.GetProperty("matches").GetInt32()), Is.EqualTo((int[])[0, 5]));
        Assert.That(report.GetProperty("first_matches").GetArrayLength(), Is.EqualTo(2));
    }

    [TestCase(64, "--rule or --draft", "--first", "1")]
    [TestCase(64, "--since must be a date", "--rule", "core.heartbeat", "--since", "soon")]
    [TestCase(64, "cannot be read", "--draft", "/no/such/file")]
    [TestCase(1, "'no.such' not found", "--rule", "no.such")]
    [TestCase(1, "at most 91 days", "--rule", "core.heartbeat", "--since", "2020-01-01")]
    public async Task A_rule_that_cannot_be_tried_is_said_in_a_sentence(int code, string said, params string[] options)
    {
        await using var run = await HostProgram.RunAsync(["backtest", .. options, Setting]);

        Assert.That(await run.ExitCodeAsync(), Is.EqualTo(code), () => run.Errors);
        Assert.That(run.Errors, Does.Contain(said).And.Not.Contain("   at "));
    }
}
