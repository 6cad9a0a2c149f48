using System.Text.Json;

namespace Attune.Tests.Db;

public sealed class RecordingHistoryTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private static readonly string[] Tracked =
    [
        "status = 'scheduled'", "result = '{\"ok\": true}'", "executor = 5", "worker = 6", "started_at = now()", "retry_count = 1",
        "lost_count = 1",
        "workflow_task = '{\"task\": 1}'", "env_vars = '{\"SECRET\": \"x\"}'",
    ];

    private static readonly string[] Untracked =
        ["updated = now()", "config = '{\"a\": 1}'", "retry_reason = 'again'", "status = 'requested'"];

    [TestCaseSource(nameof(Tracked))]
    public async Task A_tracked_change_of_an_execution_has_one_row(string change)
    {
        var id = await ExecutionAsync();

        await ExecuteAsync($"UPDATE execution SET {change} WHERE id = {id}");

        var field = change.Split(' ')[0];
        var rows = await ReadAsync("execution_history", id);
        Assert.That(rows.Select(row => row.Operation), Is.EqualTo((string[])["INSERT", "UPDATE"]));
        Assert.That(rows[1].ChangedFields, Is.EqualTo((string[])[field]));
        Assert.That(rows[1].OldValues!.Value.TryGetProperty(field, out _), Is.True);
        Assert.That(rows[1].NewValues!.Value.TryGetProperty(field, out _), Is.True);
    }

    [TestCaseSource(nameof(Untracked))]
    public async Task A_column_that_is_not_tracked_leaves_no_history(string change)
    {
        var id = await ExecutionAsync();

        await ExecuteAsync($"UPDATE execution SET {change} WHERE id = {id}");

        Assert.That(await ReadAsync("execution_history", id), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Changes_of_one_statement_share_a_row_and_changes_of_one_transaction_keep_their_order()
    {
        var id = await ExecutionAsync();
        await ExecuteAsync(
            $"""
            BEGIN;
            UPDATE execution SET status = 'scheduled', worker = 3 WHERE id = {id};
            UPDATE execution SET status = 'running', started_at = now() WHERE id = {id};
            UPDATE execution SET status = 'failed' WHERE id = {id};
            DELETE FROM execution WHERE id = {id};
            COMMIT;
            """);

        var rows = await ReadAsync("execution_history", id);

        Assert.That(rows.Select(row => row.Operation), Is.EqualTo((string[])["INSERT", "UPDATE", "UPDATE", "UPDATE", "DELETE"]));
        Assert.That(rows[1].ChangedFields, Is.EqualTo((string[])["status", "worker"]));
        Assert.That(rows.Skip(1).Take(3).Select(row => row.NewValues!.Value.GetProperty("status").GetString()),
            Is.EqualTo((string[])["scheduled", "running", "failed"]));
        Assert.That(rows.Skip(1).Take(3).Select(row => row.OldValues!.Value.GetProperty("status").GetString()),
            Is.EqualTo((string[])["requested", "scheduled", "running"]));
    }

    [Test]
    public async Task A_result_is_remembered_by_its_digest()
    {
        var id = await ExecutionAsync();
        await ExecuteAsync($"UPDATE execution SET result = jsonb_build_object('text', repeat('x', 100000)) WHERE id = {id}");

        var row = (await ReadAsync("execution_history", id))[1];

        var digest = row.NewValues!.Value.GetProperty("result");
        Assert.That(digest.GetProperty("digest").GetString(), Does.Match("^md5:[0-9a-f]{32}$"));
        Assert.That(digest.GetProperty("size").GetInt32(), Is.GreaterThan(100_000));
        Assert.That(digest.GetProperty("type").GetString(), Is.EqualTo("object"));
        Assert.That(row.OldValues!.Value.GetProperty("result").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(row.NewValues.Value.GetRawText(), Has.Length.LessThan(300));
    }

    [Test]
    public async Task Environment_variables_are_never_copied_into_the_history()
    {
        var id = await ExecutionAsync();
        await ExecuteAsync($"UPDATE execution SET env_vars = '{{\"TOKEN\": \"hidden-value\"}}' WHERE id = {id}");

        Assert.That((await ReadAsync("execution_history", id))[1].NewValues!.Value.GetRawText(), Does.Not.Contain("hidden-value"));
    }

    [Test]
    public async Task A_heartbeat_alone_is_no_change_of_a_worker()
    {
        var id = await WorkerAsync("history.heartbeat");
        await ExecuteAsync($"UPDATE worker SET last_heartbeat = now(), updated = now() WHERE id = {id}");
        await ExecuteAsync($"UPDATE worker SET last_heartbeat = now(), status = 'busy' WHERE id = {id}");

        var rows = await ReadAsync("worker_history", id);

        Assert.That(rows.Select(row => row.Operation), Is.EqualTo((string[])["INSERT", "UPDATE"]));
        Assert.That(rows[1].ChangedFields, Is.EqualTo((string[])["status"]));
    }

    [TestCase("name = 'history.renamed'", "name")]
    [TestCase("status = 'error'", "status")]
    [TestCase("capabilities = '{\"actions\": []}'", "capabilities")]
    [TestCase("meta = '{\"a\": 1}'", "meta")]
    [TestCase("host = 'there'", "host")]
    [TestCase("port = 99", "port")]
    public async Task A_tracked_change_of_a_worker_has_one_row(string change, string field)
    {
        var id = await WorkerAsync($"history.worker.{field}");
        await ExecuteAsync($"UPDATE worker SET {change} WHERE id = {id}");
        await ExecuteAsync($"DELETE FROM worker WHERE id = {id}");

        var rows = await ReadAsync("worker_history", id);

        Assert.That(rows.Select(row => row.Operation), Is.EqualTo((string[])["INSERT", "UPDATE", "DELETE"]));
        Assert.That(rows[1].ChangedFields, Is.EqualTo((string[])[field]));
    }

    [Test]
    public async Task A_change_that_is_rolled_back_leaves_nothing()
    {
        var id = await ExecutionAsync();
        await ExecuteAsync($"BEGIN; UPDATE execution SET status = 'running' WHERE id = {id}; ROLLBACK;");

        Assert.That(await ReadAsync("execution_history", id), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Rows_can_be_written_without_a_search_path()
    {
        await ExecuteAsync(
            """
            BEGIN;
            SET LOCAL search_path = pg_catalog;
            INSERT INTO attune.event (trigger_ref, created) VALUES ('no.path', now() - INTERVAL '3 hours');
            INSERT INTO attune.enforcement (rule_ref, trigger_ref, payload) VALUES ('no.path', 'no.path', '{}');
            UPDATE attune.enforcement SET status = 'processed', resolved_at = now() WHERE rule_ref = 'no.path';
            INSERT INTO attune.execution (action_ref) VALUES ('no.path');
            UPDATE attune.execution SET status = 'running', result = '{}' WHERE action_ref = 'no.path';
            DELETE FROM attune.execution WHERE action_ref = 'no.path';
            INSERT INTO attune.worker (name, worker_type, worker_role) VALUES ('no.path', 'local', 'action');
            UPDATE attune.worker SET status = 'busy' WHERE name = 'no.path';
            INSERT INTO attune.rule (ref, pack_ref, label, trigger_ref, action_ref, enabled)
            VALUES ('no.path', 'no', 'No path', 'no.path', 'no.path', false);
            COMMIT;
            """);

        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM execution_history WHERE entity_ref = 'no.path'"), Is.EqualTo(3));
    }

    private Task<long> ExecutionAsync() => ScalarAsync<long>("INSERT INTO execution (action_ref) VALUES ('history.action') RETURNING id");

    private Task<long> WorkerAsync(string name) => ScalarAsync<long>(
        "INSERT INTO worker (name, worker_type, worker_role) VALUES (@name, 'local', 'action') RETURNING id", new { name });

    private Task<IReadOnlyList<HistoryRow>> ReadAsync(string table, long id) => QueryAsync<HistoryRow>(
        $"SELECT operation, changed_fields, old_values, new_values FROM {table} WHERE entity_id = @id ORDER BY sequence", new { id });

    private sealed record HistoryRow
    {
        public required string Operation { get; init; }
        public required string[] ChangedFields { get; init; }
        public JsonElement? OldValues { get; init; }
        public JsonElement? NewValues { get; init; }
    }
}
