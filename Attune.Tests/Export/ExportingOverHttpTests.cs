using System.Text.Json;

namespace Attune.Tests.Export;

[TestFixture(DatabaseEngine.Native)]
public sealed class ExportingOverHttpTests(DatabaseEngine engine) : HostTest(engine)
{
    [Test]
    public async Task A_list_is_exported_whole_whatever_its_pages_newest_first()
    {
        var (trigger, key) = await TriggerAsync();
        for (var number = 0; number < 230; number++)
        {
            await Api.DeliverAsync(key, $$"""{"number": {{number}}}""");
        }

        var ndjson = await TextAsync($"events/export?format=ndjson&trigger={trigger}");
        var csv = await TextAsync($"events/export?trigger={trigger}&columns=id,trigger_ref,created");

        var rows = ndjson.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonElement.Parse(line)).ToList();
        Assert.That(rows, Has.Count.EqualTo(230));
        var ids = rows.Select(row => row.GetProperty("id").GetInt64()).ToList();
        Assert.That(ids, Is.EqualTo(ids.Distinct().OrderDescending()));
        var lines = csv.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[0], Is.EqualTo("id,trigger_ref,created"));
        Assert.That(lines.Skip(1).Select(line => line.Split(',')[0]), Is.EqualTo(ids.Select(id => $"{id}")));
        Assert.That(lines[1], Does.Match($@"^\d+,{trigger},\d{{4}}-\d\d-\d\dT.*Z$"));
    }

    [Test]
    public async Task What_a_search_finds_is_exported_under_a_name_for_a_file()
    {
        var (trigger, key) = await TriggerAsync();
        foreach (var sum in new[] { 5, 10, 20 })
        {
            await Api.DeliverAsync(key, $$"""{"sum": {{sum}}}""");
        }

        using var response = await Api.Http.GetAsync($"/api/v1/events/export?trigger={trigger}&q={Uri.EscapeDataString("sum > 5")}");
        var lines = (await response.Content.ReadAsStringAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.That(lines, Has.Length.EqualTo(3));
        Assert.That(response.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/csv"));
        Assert.That(response.Content.Headers.ContentDisposition!.FileName, Does.Match(@"^events-\d{8}-\d{6}\.csv$"));
        Assert.That(await TextAsync("enforcements/export?format=ndjson&trigger=no.such"), Is.Empty);
        Assert.That(await TextAsync($"executions/export?action=no.such&q={Uri.EscapeDataString("status exists")}"), Does.Match("^id,action_ref,.*\r\n$"));
    }

    [Test]
    public async Task Events_are_exported_by_the_rule_that_matched_them_with_and_without_a_search()
    {
        var (trigger, key) = await TriggerAsync();
        var rule = $"{trigger}_rule";
        await Api.RuleAsync(rule, trigger, new[] { new { field = "sum", @operator = "greater_than", value = 5 } });
        foreach (var sum in new[] { 5, 10, 20 })
        {
            await Api.DeliverAsync(key, $$"""{"sum": {{sum}}}""");
        }

        Assert.That(await CountAsync($"rule={rule}"), Is.EqualTo(2));
        Assert.That(await CountAsync($"trigger={trigger}&result=unmatched"), Is.EqualTo(1));
        Assert.That(await CountAsync($"rule={rule}&q={Uri.EscapeDataString("sum > 10")}"), Is.EqualTo(1));
        Assert.That(await CountAsync($"trigger={trigger}&result=unmatched&q={Uri.EscapeDataString("sum > 1")}"), Is.EqualTo(1));

        async Task<int> CountAsync(string filter) =>
            (await TextAsync($"events/export?format=ndjson&{filter}")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;
    }

    [TestCase("events/export?format=xls", 400, "format")]
    [TestCase("events/export?result=banana", 400, "result")]
    [TestCase("events/export?result=matched,pending", 400, "result")]
    [TestCase("events/export?columns=id,payload_size", 400, "columns")]
    [TestCase("events/export?q=a%20%3E", 422, "q")]
    [TestCase("executions/export?q=error%20exists", 422, "q")]
    [TestCase("enforcements/export?q=a", 400, "q")]
    [TestCase("events/export?since=2026-01-02T00:00:00Z&until=2026-01-01T00:00:00Z", 422, "since")]
    public async Task An_export_that_cannot_be_made_is_refused_before_it_begins(string path, int status, string field)
    {
        var (answered, text) = await Api.SendRawAsync(HttpMethod.Get, $"/api/v1/{path}", null, null);

        Assert.That((int)answered, Is.EqualTo(status), text);
        Assert.That(JsonElement.Parse(text).GetProperty("details").GetProperty("field").GetString(), Is.EqualTo(field), text);
    }

    private async Task<(string Trigger, string Key)> TriggerAsync()
    {
        var trigger = $"export.t_{Guid.NewGuid():N}";
        return (trigger, await Api.TriggerWithWebhookAsync(trigger));
    }

    private Task<string> TextAsync(string path) => Api.Http.GetStringAsync($"/api/v1/{path}");
}
