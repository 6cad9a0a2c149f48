using System.Net;
using System.Text.Json;
using Attune.Modules.Enforcements.Actions;
using Attune.Modules.Enforcements.Rules;
using Attune.Modules.Enforcements.Workers;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.Enforcements;

/// <summary>Lists of what is large in itself: a page of one reads its own rows, and none of their JSON.</summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
public sealed class SmallListsTests(DatabaseEngine engine) : HostTest(engine)
{
    // A summary has a dozen short fields.
    private const int LargestRow = 1_000;

    private NpgsqlDataSource Database => Running.Services.GetRequiredService<NpgsqlDataSource>();

    private static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public Task WriteLargeRowsAsync() => ExecuteAsync("""
        INSERT INTO worker (name, worker_type, worker_role, status, capabilities, meta)
        SELECT 'large-' || lpad(number::text, 3, '0'), 'remote', 'action', 'inactive',
               jsonb_build_object('actions', jsonb_build_array('large.b', 'large.a'), 'about', repeat('x', 500000)),
               jsonb_build_object('about', repeat('y', 100000))
          FROM generate_series(1, 150) AS number;

        INSERT INTO worker (name, worker_type, worker_role, status, capabilities)
        VALUES ('many-actions', 'remote', 'action', 'inactive',
                jsonb_build_object('actions', (SELECT jsonb_agg('many.action_' || lpad(number::text, 4, '0')) FROM generate_series(1, 1000) AS number))),
               ('no-actions', 'remote', 'action', 'inactive', '{"actions": "large.a"}');

        INSERT INTO action (ref, label, param_schema, out_schema)
        SELECT 'large.action_' || number, 'Large', jsonb_build_object('p', jsonb_build_object('description', repeat('x', 500000))), '{}'
          FROM generate_series(1, 150) AS number;

        INSERT INTO rule_version (rule, version, rule_ref, trigger_ref, trigger_params, condition, conditions, action_ref, action_params, created)
        SELECT 4711, number, 'large.rule', 'large.trigger', '{}', 'all', '[]', 'large.action', jsonb_build_object('text', repeat('x', 250000)),
               now() - (300 - number) * INTERVAL '1 minute'
          FROM generate_series(1, 300) AS number;

        INSERT INTO rule (id, ref, pack_ref, label, trigger_ref, action_ref, enabled, version)
        VALUES (4711, 'large.rule', 'large', 'Large', 'large.trigger', 'large.action', false, 300);

        ANALYZE worker, action, rule, rule_version
        """);

    [Test]
    public async Task A_list_of_workers_shows_nothing_of_what_they_say_of_themselves_but_their_actions()
    {
        var workers = (await AllAsync("workers", "name")).Where(
            worker => worker.GetProperty("name").GetString()!.StartsWith("large-", StringComparison.Ordinal)).ToList();

        Assert.That(workers, Has.Count.EqualTo(150));
        Assert.That(workers.Select(worker => worker.GetProperty("name").GetString()), Is.Ordered);
        Assert.That(workers[0].TryGetProperty("capabilities", out _) || workers[0].TryGetProperty("meta", out _), Is.False);
        Assert.That(workers[0].GetProperty("actions").EnumerateArray().Select(action => action.GetString()), Is.EqualTo(
            (string[])["large.a", "large.b"]));
        var whole = await Api.DataAsync($"/api/v1/workers/{workers[0].GetProperty("id")}");
        Assert.That(whole.GetProperty("capabilities").GetProperty("about").GetString(), Has.Length.EqualTo(500_000));
    }

    [Test]
    public async Task A_list_of_workers_names_ten_actions_of_each_and_counts_them_all()
    {
        var workers = (await AllAsync("workers", "name")).ToDictionary(worker => worker.GetProperty("name").GetString()!);

        var many = workers["many-actions"];
        Assert.That(many.GetProperty("action_count").GetInt32(), Is.EqualTo(1_000));
        Assert.That(
            many.GetProperty("actions").EnumerateArray().Select(action => action.GetString()),
            Is.EqualTo(Enumerable.Range(1, 10).Select(number => $"many.action_{number:0000}")));
        Assert.That(workers["no-actions"].GetProperty("action_count").GetInt32(), Is.Zero);
    }

    [Test]
    public async Task A_list_of_actions_shows_no_schemas()
    {
        var actions = (await AllAsync("actions", "ref")).Where(
            action => action.GetProperty("ref").GetString()!.StartsWith("large.", StringComparison.Ordinal)).ToList();

        Assert.That(actions, Has.Count.EqualTo(150));
        Assert.That(actions[0].TryGetProperty("param_schema", out _) || actions[0].TryGetProperty("out_schema", out _), Is.False);
        var whole = await Api.DataAsync("/api/v1/actions/large.action_1");
        Assert.That(whole.GetProperty("param_schema").GetProperty("p").GetProperty("description").GetString(), Has.Length.EqualTo(500_000));
    }

    [Test]
    public async Task The_versions_of_a_rule_are_listed_newest_first_without_their_texts_and_each_is_found_by_its_number()
    {
        var versions = await AllAsync("rules/large.rule/versions", "version");

        Assert.That(versions.Select(version => version.GetProperty("version").GetInt32()), Is.EqualTo(Enumerable.Range(1, 300).Reverse()));
        Assert.That(versions[0].TryGetProperty("action_params", out _) || versions[0].TryGetProperty("conditions", out _), Is.False);
        var whole = await Api.DataAsync("/api/v1/rules/large.rule/versions/17");
        Assert.That((whole.GetProperty("version").GetInt32(), whole.GetProperty("action_params").GetProperty(
            "text").GetString()!.Length), Is.EqualTo((17, 250_000)));
    }

    [Test]
    public async Task A_page_past_the_end_is_empty_and_only_a_rule_without_versions_is_not_found()
    {
        Assert.That(await Api.ListAsync("/api/v1/rules/large.rule/versions?page=9&per_page=100"), Is.Empty);
        Assert.That(await Api.ListAsync("/api/v1/workers?page=9&per_page=100"), Is.Empty);
        Assert.That(await StatusAsync(HttpMethod.Get, "rules/no.such/versions?page=9"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That((await Api.GetAsync("/api/v1/rules/large.rule/versions?include_total=true")).GetProperty("pagination").GetProperty(
            "total_items").GetInt32(), Is.EqualTo(300));
        Assert.That((await Api.GetAsync("/api/v1/workers?include_total=true")).GetProperty("pagination").GetProperty(
            "total_items").GetInt32(), Is.GreaterThanOrEqualTo(152));
    }

    // The values of a row that are large lie apart, in its table's TOAST: what is not asked for is not read.
    [Test]
    public async Task One_version_is_one_row_and_no_list_reads_a_large_value()
    {
        var version = await PlanAsync(RuleRepository.VersionByReferenceSql, new { reference = "large.rule", version = 17 });
        Assert.That(version.Rows("rule_version"), Is.EqualTo(new[] { 1 }), version.Text);

        foreach (var (table, sql) in new[]
        {
            ("worker", WorkerRepository.ListSql), ("action", ActionRepository.ListSql), ("rule_version", RuleRepository.VersionListSql),
        })
        {
            Assert.That(await ToastReadsAsync(table, sql), Is.Zero, table);
        }
    }

    [Test]
    public async Task An_inactive_worker_can_be_deleted_and_one_that_lives_cannot()
    {
        var action = "small.action";
        var id = (await Api.PostAsync("/api/v1/workers", new { name = "small-1", actions = new[] { action } })).GetProperty(
            "data").GetProperty("id").GetInt64();
        await ExecuteAsync($"INSERT INTO execution (action_ref) VALUES ('{action}')");
        var claimed = (await Api.PostAsync($"/api/v1/workers/{id}/claim", new { })).GetProperty("data")[0].GetProperty("id").GetInt64();

        Assert.That(await StatusAsync(HttpMethod.Delete, $"workers/{id}"), Is.EqualTo(HttpStatusCode.Conflict));
        await ExecuteAsync($"UPDATE worker SET status = 'inactive' WHERE id = {id}");
        Assert.That(await StatusAsync(HttpMethod.Delete, $"workers/{id}"), Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await StatusAsync(HttpMethod.Delete, $"workers/{id}"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await StatusAsync(HttpMethod.Get, $"workers/{id}"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await Api.ListAsync($"/api/v1/workers/{id}/history"), Is.Not.Empty, "its history stays");
        await Eventually.HoldsAsync(
            async () => (await Api.DataAsync($"/api/v1/executions/{claimed}")).GetProperty("status").GetString() == "requested",
            "its execution is requeued");
    }

    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string path) =>
        (await Api.SendRawAsync(method, $"/api/v1/{path}", null, null)).Status;

    private async Task<IReadOnlyList<JsonElement>> AllAsync(string list, string key)
    {
        var all = new List<JsonElement>();
        for (string? cursor = ""; cursor is not null;)
        {
            var (status, body) = await Api.SendRawAsync(HttpMethod.Get, $"/api/v1/{list}?per_page=100&cursor={cursor}", null, null);
            Assert.That(status, Is.EqualTo(HttpStatusCode.OK), body);
            Assert.That(body, Has.Length.LessThan(100 * LargestRow), list);
            var page = JsonElement.Parse(body);
            all.AddRange(page.GetProperty("data").EnumerateArray());
            cursor = page.GetProperty("pagination").GetProperty("next_cursor").GetString();
        }

        Assert.That(all.Select(one => one.GetProperty(key).ToString()), Is.Unique);
        return all;
    }

    private Task<Plan> PlanAsync(string sql, object parameters) => Plan.OfAsync(Database, (sql, parameters), analyze: true, Cancellation);

    // In one transaction, where the counts of the session's own reads are exact.
    private async Task<long> ToastReadsAsync(string table, string list)
    {
        const string count = """
            SELECT pg_stat_get_xact_blocks_fetched(reltoastrelid) FROM pg_class WHERE oid = @table::regclass
            """;

        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        await connection.QueryAsync(new CommandDefinition(
            list, new { Place = 0, limit = 101, reference = "large.rule" }, transaction, cancellationToken: Cancellation));
        return await connection.ExecuteScalarAsync<long>(
            new CommandDefinition(count, new { table }, transaction, cancellationToken: Cancellation));
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await connection.ExecuteAsync(new CommandDefinition(sql, cancellationToken: Cancellation));
    }
}
