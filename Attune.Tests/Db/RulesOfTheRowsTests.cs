using Npgsql;

namespace Attune.Tests.Db;

public sealed class RulesOfTheRowsTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private static readonly string[] Said =
    [
        "rule = 99", "rule_ref = 'x'", "rule_version = 9", "trigger_ref = 'x'", "config = '{}'", "event = 99", "payload = '{\"x\": 1}'",
        "condition = 'any'", "conditions = '[1]'", "created = now()",
    ];

    [TestCase("trigger_ref = 'changed.trigger'")]
    [TestCase("payload = '{}'")]
    [TestCase("trigger = NULL")]
    [TestCase("created = now()")]
    public async Task An_event_is_never_changed(string change)
    {
        var id = await EventAsync();

        await RefusedAsync($"UPDATE event SET {change} WHERE id = {id}", PostgresErrorCodes.RestrictViolation);

        Assert.That(await ScalarAsync<string>("SELECT trigger_ref FROM event WHERE id = @id", new { id }), Is.EqualTo("rows.trigger"));
    }

    [TestCaseSource(nameof(Said))]
    public async Task The_content_of_an_enforcement_is_never_changed(string change)
    {
        var id = await EnforcementAsync();

        await RefusedAsync($"UPDATE enforcement SET {change} WHERE id = {id}", PostgresErrorCodes.RestrictViolation);
    }

    [TestCase("processed")]
    [TestCase("disabled")]
    public async Task A_resolved_enforcement_is_final(string status)
    {
        var id = await EnforcementAsync();
        await ExecuteAsync($"UPDATE enforcement SET status = '{status}', resolved_at = clock_timestamp() WHERE id = {id}");

        await RefusedAsync(
            $"UPDATE enforcement SET status = 'created', resolved_at = NULL WHERE id = {id}", PostgresErrorCodes.RestrictViolation);
        await RefusedAsync($"UPDATE enforcement SET resolved_at = now() WHERE id = {id}", PostgresErrorCodes.RestrictViolation);
        await RefusedAsync($"UPDATE enforcement SET status = 'disabled' WHERE id = {id}", PostgresErrorCodes.RestrictViolation);
    }

    [TestCase("status = 'processed'")]
    [TestCase("status = 'disabled'")]
    [TestCase("resolved_at = now()")]
    public async Task Status_and_resolved_at_change_together_or_not_at_all(string change)
    {
        var id = await EnforcementAsync();

        await RefusedAsync($"UPDATE enforcement SET {change} WHERE id = {id}", PostgresErrorCodes.CheckViolation);
    }

    [TestCase("'created', now()")]
    [TestCase("'processed', NULL")]
    public async Task An_enforcement_cannot_begin_half_resolved(string values) =>
        await RefusedAsync(
            $"INSERT INTO enforcement (rule_ref, trigger_ref, payload, status, resolved_at) VALUES ('r.r', 't.t', '{{}}', {values})",
            PostgresErrorCodes.CheckViolation);

    [Test]
    public async Task An_event_has_one_enforcement_a_rule()
    {
        const string one = """
            INSERT INTO enforcement (rule, rule_ref, trigger_ref, event, payload, created)
            VALUES (7, 'rows.rule', 'rows.trigger', 70001, '{}', date_trunc('day', now() - INTERVAL '30 days'))
            """;
        await ExecuteAsync(one);

        await RefusedAsync(one, PostgresErrorCodes.UniqueViolation);
        await ExecuteAsync(one.Replace("(7,", "(8,", StringComparison.Ordinal));
        await ExecuteAsync(one.Replace("70001", "70002", StringComparison.Ordinal));
    }

    [TestCase("event (trigger_ref) VALUES ('rows.clock')")]
    [TestCase("enforcement (rule_ref, trigger_ref, payload) VALUES ('rows.rule', 'rows.clock', '{}')")]
    [TestCase("execution (action_ref) VALUES ('rows.clock')")]
    public async Task Created_is_set_by_the_database(string row) =>
        Assert.That(
            await ScalarAsync<bool>($"WITH made AS (INSERT INTO {row} RETURNING created) SELECT created = now() FROM made"), Is.True);

    [Test]
    public async Task An_enforcement_may_name_an_event_that_is_not_there_and_keeps_its_name_when_it_goes()
    {
        var @event = await EventAsync();
        var id = await ScalarAsync<long>(
            "INSERT INTO enforcement (rule_ref, trigger_ref, event, payload) VALUES ('r.r', 't.t', @event, '{}') RETURNING id",
            new { @event });

        await ExecuteAsync("DELETE FROM event WHERE id = @event", new { @event });

        Assert.That(await ScalarAsync<long>("SELECT event FROM enforcement WHERE id = @id", new { id }), Is.EqualTo(@event));
    }

    [Test]
    public async Task Deleting_a_trigger_or_a_rule_leaves_the_ledger_as_it_was()
    {
        var trigger = await ScalarAsync<long>("INSERT INTO trigger (ref, label) VALUES ('rows.gone', 'Gone') RETURNING id");
        var rule = await ScalarAsync<long>(
            """
            INSERT INTO rule (ref, pack_ref, label, trigger, trigger_ref, action_ref, enabled)
            VALUES ('rows.gone', 'rows', 'Gone', @trigger, 'rows.gone', 'core.noop', true)
            RETURNING id
            """,
            new { trigger });
        await ExecuteAsync(
            "INSERT INTO event (trigger, trigger_ref, rule, rule_ref) VALUES (@trigger, 'rows.gone', @rule, 'rows.gone')",
            new { trigger, rule });

        await ExecuteAsync("DELETE FROM rule WHERE id = @rule; DELETE FROM trigger WHERE id = @trigger;", new { rule, trigger });

        Assert.That(
            await ScalarAsync<bool>(
                "SELECT trigger = @trigger AND rule = @rule AND rule_ref = 'rows.gone' FROM event WHERE trigger_ref = 'rows.gone'",
                new { trigger, rule }),
            Is.True);
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM rule_version WHERE rule = @rule", new { rule }), Is.EqualTo(1));
    }

    [Test]
    public async Task A_rule_keeps_every_text_it_had_and_switching_it_makes_none()
    {
        var rule = await ScalarAsync<long>(
            """
            INSERT INTO rule (ref, pack_ref, label, trigger_ref, action_ref, enabled)
            VALUES ('rows.texts', 'rows', 'Texts', 'rows.trigger', 'core.noop', true)
            RETURNING id
            """);
        var epoch = await ScalarAsync<long>("SELECT epoch FROM rule_epoch");

        await ExecuteAsync("UPDATE rule SET enabled = false, label = 'Other' WHERE id = @rule", new { rule });
        await ExecuteAsync("UPDATE rule SET action_ref = 'core.echo' WHERE id = @rule", new { rule });

        Assert.That(
            await QueryAsync<string>(
                "SELECT version || ' ' || action_ref FROM rule_version WHERE rule = @rule ORDER BY version", new { rule }),
            Is.EqualTo((string[])["1 core.noop", "2 core.echo"]));
        Assert.That(await ScalarAsync<long>("SELECT epoch FROM rule_epoch"), Is.EqualTo(epoch + 2));
        await RefusedAsync($"UPDATE rule_version SET action_ref = 'x' WHERE rule = {rule}", PostgresErrorCodes.RestrictViolation);
    }

    private Task<long> EventAsync() => ScalarAsync<long>(
        "INSERT INTO event (trigger_ref, payload) VALUES ('rows.trigger', '{\"a\": 1}') RETURNING id");

    private Task<long> EnforcementAsync() => ScalarAsync<long>(
        "INSERT INTO enforcement (rule_ref, trigger_ref, payload) VALUES ('rows.rule', 'rows.trigger', '{\"a\": 1}') RETURNING id");

    private async Task RefusedAsync(string sql, string code)
    {
        var refusal = (await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(sql)))!;
        Assert.That(refusal.SqlState, Is.EqualTo(code), refusal.Message);
    }
}
