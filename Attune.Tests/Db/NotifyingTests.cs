using System.Text;
using System.Text.Json;
using Attune.Db.Changes;

namespace Attune.Tests.Db;

public sealed class NotifyingTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private static readonly string[] ForbiddenColumns =
        ["payload", "config", "conditions", "result", "env_vars", "workflow_task", "capabilities", "meta"];

    [Test]
    public async Task An_event_is_told_with_its_references()
    {
        var sent = await OnlyOneAsync(
            """
            INSERT INTO event (trigger, trigger_ref, source, source_ref, rule, rule_ref, payload)
            VALUES (1, 't.told', 2, 's.told', 3, 'r.told', '{}')
            """);

        Assert.That(sent.Channel, Is.EqualTo(Channels.EventCreated));
        Assert.That(Fields(sent), Is.EqualTo((string[])
        [
            "entity_type", "entity_id", "id", "trigger", "trigger_ref", "source", "source_ref", "rule", "rule_ref", "has_payload",
            "created",
        ]));
        Assert.That(Text(sent, "entity_type"), Is.EqualTo("event"));
        Assert.That(Text(sent, "trigger_ref"), Is.EqualTo("t.told"));
        Assert.That(Value(sent, "has_payload").GetBoolean(), Is.True);
        Assert.That(Value(sent, "id").GetInt64(), Is.EqualTo(await ScalarAsync<long>("SELECT max(id) FROM event")));
    }

    [Test]
    public async Task An_enforcement_is_told_when_it_comes_and_when_it_is_resolved()
    {
        var sent = await SentAsync(
            """
            INSERT INTO enforcement (rule, rule_ref, trigger_ref, event, payload) VALUES (3, 'r.told', 't.told', 4, '{"a": 1}');
            UPDATE enforcement SET status = 'processed', resolved_at = clock_timestamp() WHERE rule_ref = 'r.told';
            """);

        Assert.That(
            sent.Select(one => one.Channel), Is.EqualTo((string[])[Channels.EnforcementCreated, Channels.EnforcementStatusChanged]));
        Assert.That(Fields(sent[0]), Is.EqualTo((string[])
        [
            "entity_type", "entity_id", "id", "rule", "rule_ref", "trigger_ref", "event", "status", "condition", "has_payload", "created",
            "resolved_at",
        ]));
        Assert.That(Value(sent[0], "resolved_at").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(Text(sent[1], "status"), Is.EqualTo("processed"));
        Assert.That(Text(sent[1], "old_status"), Is.EqualTo("created"));
        Assert.That(Value(sent[1], "resolved_at").GetDateTimeOffset(), Is.GreaterThan(DateTimeOffset.UnixEpoch));
    }

    [Test]
    public async Task An_execution_is_told_when_it_comes_and_when_its_status_changes_only()
    {
        var sent = await SentAsync(
            """
            INSERT INTO execution (action, action_ref, enforcement, rule_ref, trigger_ref) VALUES (1, 'a.told', 2, 'r.told', 't.told');
            UPDATE execution SET retry_count = 1 WHERE action_ref = 'a.told';
            UPDATE execution SET status = 'completed', result = '{}' WHERE action_ref = 'a.told';
            """);

        Assert.That(sent.Select(one => one.Channel), Is.EqualTo((string[])[Channels.ExecutionCreated, Channels.ExecutionStatusChanged]));
        Assert.That(Fields(sent[0]), Is.EqualTo((string[])
        [
            "entity_type", "entity_id", "id", "action_id", "action_ref", "status", "enforcement", "rule_ref", "trigger_ref", "parent",
            "has_payload", "created", "updated",
        ]));
        Assert.That(Text(sent[1], "old_status"), Is.EqualTo("requested"));
        Assert.That(Text(sent[1], "status"), Is.EqualTo("completed"));
        Assert.That(Value(sent[1], "has_payload").GetBoolean(), Is.True);
    }

    [Test]
    public async Task A_worker_is_told_when_it_comes_and_when_its_status_changes_but_not_when_it_breathes()
    {
        var sent = await SentAsync(
            """
            INSERT INTO worker (name, worker_type, worker_role) VALUES ('told', 'local', 'action');
            UPDATE worker SET last_heartbeat = now() WHERE name = 'told';
            UPDATE worker SET status = 'inactive' WHERE name = 'told';
            """);

        Assert.That(sent.Select(one => one.Channel), Is.EqualTo((string[])[Channels.WorkerStatusChanged, Channels.WorkerStatusChanged]));
        Assert.That(Text(sent[1], "name"), Is.EqualTo("told"));
        Assert.That(Text(sent[1], "old_status"), Is.EqualTo("active"));
    }

    [Test]
    public async Task A_payload_of_any_size_is_stored_and_never_sent()
    {
        var sent = await SentAsync(Everything("a.big", """jsonb_build_object('secret', repeat('payload-text ', 8000))"""));

        Assert.That(sent.Select(one => one.Channel), Is.EquivalentTo(Channels.All.Append(Channels.WorkerStatusChanged)));
        AssertSmallAndPlain(sent);
        Assert.That(
            await ScalarAsync<int>("SELECT octet_length(payload::text) FROM event WHERE trigger_ref = 'a.big'"), Is.GreaterThan(100_000));
    }

    [TestCase("repeat('long.reference', 4000)")]
    [TestCase("repeat('Ünï.cödé', 400)")]
    [TestCase("repeat('\"', 400)")]
    [TestCase("repeat('x', 300)")]
    public async Task References_of_absurd_length_do_not_stop_a_row_from_being_written(string reference)
    {
        var sent = await SentAsync(Everything($"' || {reference} || '", "'{}'::jsonb"));

        Assert.That(sent.Select(one => one.Channel), Is.EquivalentTo(Channels.All.Append(Channels.WorkerStatusChanged)));
        AssertSmallAndPlain(sent);
        Assert.That(sent.Select(one => Change.TryParse(one.Channel, one.Payload)?.Id), Has.All.GreaterThan(0));
    }

    [Test]
    public async Task A_change_that_is_rolled_back_is_not_told() =>
        Assert.That(await SentAsync("BEGIN; INSERT INTO event (trigger_ref) VALUES ('t.untold'); ROLLBACK;"), Is.Empty);

    [Test]
    public void Text_that_is_no_change_is_passed_over()
    {
        Assert.That(Change.TryParse("event_created", ""), Is.Null);
        Assert.That(Change.TryParse("event_created", "[1]"), Is.Null);
        Assert.That(Change.TryParse("event_created", "{\"id\": \"7\"}"), Is.Null);
        Assert.That(Change.TryParse("event_created", "{\"id\": 1e99}"), Is.Null);
        Assert.That(Change.TryParse("event_created", "{\"id\": 7, \"trigger_ref\": 9}"),
            Is.EqualTo(new Change { Channel = "event_created", EntityType = "", Id = 7 }));
    }

    private static string Everything(string reference, string json) =>
        $"""
        INSERT INTO event (trigger_ref, source_ref, rule_ref, config, payload)
        SELECT r, r, r, {json}, {json} FROM (VALUES ('{reference}')) AS given (r);
        INSERT INTO enforcement (rule_ref, trigger_ref, config, payload, conditions)
        SELECT r, r, {json}, {json}, jsonb_build_array({json}) FROM (VALUES ('{reference}')) AS given (r);
        UPDATE enforcement SET status = 'disabled', resolved_at = now() WHERE rule_ref = '{reference}';
        INSERT INTO execution (action_ref, rule_ref, trigger_ref, config, env_vars, workflow_task)
        SELECT r, r, r, {json}, {json}, {json} FROM (VALUES ('{reference}')) AS given (r);
        UPDATE execution SET status = 'failed', result = {json} WHERE action_ref = '{reference}';
        INSERT INTO worker (name, worker_type, worker_role, capabilities, meta)
        SELECT md5(r) || r, 'local', 'action', {json}, {json} FROM (VALUES (left('{reference}', 2000))) AS given (r);
        UPDATE worker SET status = 'error' WHERE name = md5(left('{reference}', 2000)) || left('{reference}', 2000);
        """;

    private static void AssertSmallAndPlain(IReadOnlyList<(string Channel, string Payload)> sent)
    {
        foreach (var one in sent)
        {
            Assert.That(Encoding.UTF8.GetByteCount(one.Payload), Is.LessThanOrEqualTo(1000), one.Channel);
            Assert.That(Fields(one), Is.Not.Empty.And.None.AnyOf(ForbiddenColumns), one.Channel);
            Assert.That(one.Payload, Does.Not.Contain("payload-text"), one.Channel);
        }
    }

    private static List<string> Fields((string Channel, string Payload) sent) =>
        [.. JsonElement.Parse(sent.Payload).EnumerateObject().Select(property => property.Name)];

    private static JsonElement Value((string Channel, string Payload) sent, string field) =>
        JsonElement.Parse(sent.Payload).GetProperty(field);

    private static string? Text((string Channel, string Payload) sent, string field) => Value(sent, field).GetString();

    private async Task<IReadOnlyList<(string Channel, string Payload)>> SentAsync(string sql)
    {
        await using var notices = await Notices.ListenAsync(Database, Cancellation);
        await ExecuteAsync(sql);
        return await notices.ReadAsync(Cancellation);
    }

    private async Task<(string Channel, string Payload)> OnlyOneAsync(string sql)
    {
        var sent = await SentAsync(sql);
        Assert.That(sent, Has.Count.EqualTo(1));
        return sent[0];
    }
}
