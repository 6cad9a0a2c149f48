using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Npgsql;

namespace Attune.Tests.Enforcements;

/// <summary>What must be true of an enforcement from its beginning to its end, whatever becomes of the rows that it speaks of.</summary>
public sealed class EnforcementLifeCycleTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task An_enforcement_for_an_event_that_does_not_exist_is_accepted()
    {
        var enforcement = await InsertAsync(
            new() { RuleRef = "old.rule", TriggerRef = "old.trigger", Event = 999_999_999_999 });

        var read = await ReadAsync(enforcement);

        Assert.That((read.Event, read.Status, read.ResolvedAt), Is.EqualTo(
            ((long?)999_999_999_999, EnforcementStatus.Created, default(DateTimeOffset?))));
        Assert.That(await Get<IEventRepository>().FindAsync(999_999_999_999, Cancellation), Is.Null);
    }

    [Test]
    public async Task An_enforcement_has_the_created_of_its_event()
    {
        var (written, _, pending) = await NewPendingAsync();

        Assert.That(pending.Created, Is.EqualTo(written.Created));
    }

    [TestCase(EnforcementStatus.Processed)]
    [TestCase(EnforcementStatus.Disabled)]
    public async Task The_resolved_at_life_cycle_is_null_then_an_instant_of_the_database_and_then_final(EnforcementStatus status)
    {
        var created = await InsertAsync(new() { RuleRef = "a.rule", TriggerRef = "a.trigger", Event = 1 });
        Assert.That((await ReadAsync(created)).ResolvedAt, Is.Null);

        var before = await ScalarAsync<DateTime>("SELECT clock_timestamp()");
        Assert.That(await Database.ResolveEnforcementAsync(created.Id, status, Cancellation), Is.True);
        var resolved = await ReadAsync(created);
        var after = await ScalarAsync<DateTime>("SELECT clock_timestamp()");
        Assert.That(resolved.Status, Is.EqualTo(status));
        Assert.That(resolved.ResolvedAt!.Value.UtcDateTime, Is.InRange(before, after));

        var again = status == EnforcementStatus.Processed ? EnforcementStatus.Disabled : EnforcementStatus.Processed;
        Assert.That(await Database.ResolveEnforcementAsync(created.Id, again, Cancellation), Is.False);
        var unchanged = await ReadAsync(created);
        Assert.That((unchanged.Status, unchanged.ResolvedAt), Is.EqualTo((status, resolved.ResolvedAt)));
    }

    [Test]
    public async Task A_resolved_row_is_final_for_the_database_too()
    {
        var enforcement = await InsertAsync(new() { RuleRef = "a.rule", TriggerRef = "a.trigger" });
        await Database.ResolveEnforcementAsync(enforcement.Id, EnforcementStatus.Processed, Cancellation);

        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "UPDATE enforcement SET status = 'disabled', resolved_at = now() WHERE id = @Id", new { enforcement.Id }));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "UPDATE enforcement SET status = 'created', resolved_at = NULL WHERE id = @Id", new { enforcement.Id }));
    }

    [Test]
    public async Task Status_and_resolved_at_cannot_contradict_one_another()
    {
        var enforcement = await InsertAsync(new() { RuleRef = "a.rule", TriggerRef = "a.trigger" });

        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "UPDATE enforcement SET status = 'processed' WHERE id = @Id", new { enforcement.Id }));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "UPDATE enforcement SET resolved_at = now() WHERE id = @Id", new { enforcement.Id }));
    }

    [Test]
    public async Task Deleting_an_event_leaves_enforcement_event_as_it_was()
    {
        var (written, _, pending) = await NewPendingAsync();
        await ResolveAllAsync();
        var before = await ReadAsync(pending);

        Assert.That(await Database.DeleteRowAsync("event", written.Id, Cancellation), Is.True);

        var after = await ReadAsync(pending);
        Assert.That(after.Event, Is.EqualTo(written.Id));
        Assert.That(after with { Config = before.Config, Payload = before.Payload, Conditions = before.Conditions }, Is.EqualTo(before));
        Assert.That(
            (await Enforcements.ListAsync(new() { Event = written.Id }, new(), Cancellation)).Items.Single().Id, Is.EqualTo(pending.Id));
    }

    [Test]
    public async Task A_deleted_rule_or_trigger_leaves_refs_and_ids_in_place()
    {
        var (written, rule, pending) = await NewPendingAsync();
        await ResolveAllAsync();
        var before = await ReadAsync(pending);

        await Rules.DeleteAsync(rule.Ref, Cancellation);
        await Get<ITriggerRepository>().DeleteAsync(rule.TriggerRef, Cancellation);

        var after = await ReadAsync(pending);
        Assert.That(after with { Config = before.Config, Payload = before.Payload, Conditions = before.Conditions }, Is.EqualTo(before));
        Assert.That((after.Rule, after.RuleRef, after.RuleVersion, after.TriggerRef), Is.EqualTo(
            ((long?)rule.Id, rule.Ref, (int?)1, rule.TriggerRef)));
        var execution = (await ExecutionsOfAsync(pending)).Single();
        Assert.That((execution.RuleRef, execution.TriggerRef), Is.EqualTo((rule.Ref, rule.TriggerRef)));
        var happened = (await Get<IEventRepository>().FindAsync(written.Id, Cancellation))!;
        Assert.That((happened.TriggerRef, happened.Trigger), Is.EqualTo((rule.TriggerRef, rule.Trigger)));
        Assert.That(
            (await Enforcements.ListAsync(new() { Rule = rule.Id }, new(), Cancellation)).Items.Single().Id, Is.EqualTo(pending.Id));
    }

    [Test]
    public async Task An_event_has_at_most_one_enforcement_of_a_rule()
    {
        var (written, rule, pending) = await NewPendingAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() => InsertAsync(
            new() { Rule = rule.Id, RuleRef = rule.Ref, TriggerRef = rule.TriggerRef, Event = written.Id, Created = pending.Created }));

        Assert.That(refused!.SqlState, Is.EqualTo(PostgresErrorCodes.UniqueViolation));
    }
}
