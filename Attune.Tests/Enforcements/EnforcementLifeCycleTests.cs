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
        var enforcement = await Enforcements.CreateAsync(
            new() { RuleRef = "old.rule", TriggerRef = "old.trigger", Event = 999_999_999_999, Payload = Parsed("""{"a": 1}""") }, Cancellation);

        var read = await ReadAsync(enforcement);

        Assert.That((read.Event, read.Status, read.ResolvedAt), Is.EqualTo(((long?)999_999_999_999, EnforcementStatus.Created, default(DateTimeOffset?))));
        Assert.That(await Get<IEventRepository>().FindAsync(999_999_999_999, Cancellation), Is.Null);
    }

    [Test]
    public async Task Created_is_set_by_the_database_and_is_the_events_when_it_is_given()
    {
        var before = await ScalarAsync<DateTime>("SELECT clock_timestamp()");
        var plain = await Enforcements.CreateAsync(new() { RuleRef = "a.rule", TriggerRef = "a.trigger" }, Cancellation);
        var after = await ScalarAsync<DateTime>("SELECT clock_timestamp()");
        var given = await Enforcements.CreateAsync(
            new() { RuleRef = "a.rule", TriggerRef = "a.trigger", Created = new(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)) }, Cancellation);

        Assert.That(plain.Created.UtcDateTime, Is.InRange(before, after));
        Assert.That((await ReadAsync(given)).Created, Is.EqualTo(new DateTimeOffset(2026, 1, 2, 1, 4, 5, TimeSpan.Zero)));
        Assert.That(plain.Payload.GetRawText(), Is.EqualTo("{}"));
        Assert.That(plain.Conditions.GetRawText(), Is.EqualTo("[]"));
    }

    [TestCase(EnforcementStatus.Processed)]
    [TestCase(EnforcementStatus.Disabled)]
    public async Task The_resolved_at_life_cycle_is_null_then_an_instant_of_the_database_and_then_final(EnforcementStatus status)
    {
        var created = await Enforcements.CreateAsync(new() { RuleRef = "a.rule", TriggerRef = "a.trigger", Event = 1 }, Cancellation);
        Assert.That((await ReadAsync(created)).ResolvedAt, Is.Null);

        var before = await ScalarAsync<DateTime>("SELECT clock_timestamp()");
        var resolved = (await Enforcements.ResolveAsync(created.Id, status, Cancellation))!;
        var after = await ScalarAsync<DateTime>("SELECT clock_timestamp()");
        Assert.That(resolved.Status, Is.EqualTo(status));
        Assert.That(resolved.ResolvedAt!.Value.UtcDateTime, Is.InRange(before, after));

        var again = status == EnforcementStatus.Processed ? EnforcementStatus.Disabled : EnforcementStatus.Processed;
        var unchanged = (await Enforcements.ResolveAsync(created.Id, again, Cancellation))!;
        Assert.That((unchanged.Status, unchanged.ResolvedAt), Is.EqualTo((status, resolved.ResolvedAt)));
        Assert.That((await ReadAsync(created)).ResolvedAt, Is.EqualTo(resolved.ResolvedAt));
    }

    [Test]
    public async Task A_resolved_row_is_final_for_the_database_too()
    {
        var enforcement = await Enforcements.CreateAsync(new() { RuleRef = "a.rule", TriggerRef = "a.trigger" }, Cancellation);
        await Enforcements.ResolveAsync(enforcement.Id, EnforcementStatus.Processed, Cancellation);

        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "UPDATE enforcement SET status = 'disabled', resolved_at = now() WHERE id = @Id", new { enforcement.Id }));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "UPDATE enforcement SET status = 'created', resolved_at = NULL WHERE id = @Id", new { enforcement.Id }));
    }

    [Test]
    public async Task Status_and_resolved_at_cannot_contradict_one_another()
    {
        var enforcement = await Enforcements.CreateAsync(new() { RuleRef = "a.rule", TriggerRef = "a.trigger" }, Cancellation);

        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "UPDATE enforcement SET status = 'processed' WHERE id = @Id", new { enforcement.Id }));
        await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            "UPDATE enforcement SET resolved_at = now() WHERE id = @Id", new { enforcement.Id }));
        Assert.That((await RefusedAsync(() => Enforcements.ResolveAsync(enforcement.Id, EnforcementStatus.Created, Cancellation))).Field, Is.EqualTo("status"));
    }

    [Test]
    public async Task Deleting_an_event_leaves_enforcement_event_as_it_was()
    {
        var (written, _, pending) = await NewPendingAsync();
        await ResolveAllAsync();
        var before = await ReadAsync(pending);

        Assert.That(await Get<IEventRepository>().DeleteAsync(written.Id, Cancellation), Is.True);

        var after = await ReadAsync(pending);
        Assert.That(after.Event, Is.EqualTo(written.Id));
        Assert.That(after with { Config = before.Config, Payload = before.Payload, Conditions = before.Conditions }, Is.EqualTo(before));
        Assert.That((await Enforcements.ListAsync(new() { Event = written.Id }, new(), Cancellation)).Items.Single().Id, Is.EqualTo(pending.Id));
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
        Assert.That((after.Rule, after.RuleRef, after.RuleVersion, after.TriggerRef), Is.EqualTo(((long?)rule.Id, rule.Ref, (int?)1, rule.TriggerRef)));
        var execution = (await ExecutionsOfAsync(pending)).Single();
        Assert.That((execution.RuleRef, execution.TriggerRef), Is.EqualTo((rule.Ref, rule.TriggerRef)));
        var happened = (await Get<IEventRepository>().FindAsync(written.Id, Cancellation))!;
        Assert.That((happened.TriggerRef, happened.Trigger), Is.EqualTo((rule.TriggerRef, rule.Trigger)));
        Assert.That((await Enforcements.ListAsync(new() { Rule = rule.Id }, new(), Cancellation)).Items.Single().Id, Is.EqualTo(pending.Id));
    }

    [Test]
    public async Task An_event_has_at_most_one_enforcement_of_a_rule()
    {
        var (written, rule, pending) = await NewPendingAsync();

        var refused = await RefusedAsync(() => Enforcements.CreateAsync(
            new() { Rule = rule.Id, RuleRef = rule.Ref, TriggerRef = rule.TriggerRef, Event = written.Id, Created = pending.Created }, Cancellation));

        Assert.That(refused.Kind, Is.EqualTo(RefusalKind.Conflict));
    }

    [Test]
    public async Task An_enforcement_can_be_deleted_once()
    {
        var enforcement = await Enforcements.CreateAsync(new() { RuleRef = "a.rule", TriggerRef = "a.trigger" }, Cancellation);

        Assert.That(await Enforcements.DeleteAsync(enforcement.Id, Cancellation), Is.True);
        Assert.That(await Enforcements.DeleteAsync(enforcement.Id, Cancellation), Is.False);
        Assert.That(await Enforcements.FindAsync(enforcement.Id, Cancellation), Is.Null);
        Assert.That(await Enforcements.ResolveAsync(enforcement.Id, EnforcementStatus.Processed, Cancellation), Is.Null);
    }
}
