using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Enforcements;
using Attune.Modules.Events;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Enforcements;

public sealed class ResolvingEnforcementsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task A_processed_enforcement_has_one_execution_of_its_action()
    {
        var (_, rule, pending) = await NewPendingAsync();

        await ResolveAllAsync();

        var enforcement = await ReadAsync(pending);
        var execution = (await Executions.FindAsync((await ExecutionsOfAsync(enforcement)).Single().Id, Cancellation))!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(enforcement.Status, Is.EqualTo(EnforcementStatus.Processed));
            Assert.That(enforcement.ResolvedAt, Is.GreaterThan(enforcement.Created));
            Assert.That((execution.ActionRef, execution.Action), Is.EqualTo((rule.ActionRef, rule.Action)));
            Assert.That((execution.RuleRef, execution.TriggerRef), Is.EqualTo((rule.Ref, rule.TriggerRef)));
            Assert.That((execution.Status, execution.Parent, execution.MaxRetries), Is.EqualTo(
                (ExecutionStatus.Requested, default(long?), (int?)0)));
            Assert.That(JsonValues.AreEqual(execution.Config!.Value, Parsed("""{"kind": "order"}""")));
        }
    }

    [TestCase("UPDATE rule SET enabled = false WHERE ref = @Ref")]
    [TestCase("DELETE FROM rule WHERE ref = @Ref")]
    [TestCase("UPDATE trigger SET enabled = false WHERE ref = @TriggerRef")]
    [TestCase("DELETE FROM trigger WHERE ref = @TriggerRef")]
    [TestCase("DELETE FROM action WHERE ref = @ActionRef")]
    public async Task An_enforcement_whose_rule_or_trigger_or_action_is_gone_is_disabled(string meanwhile)
    {
        var action = NewName("action");
        await ExecuteAsync("INSERT INTO action (ref, label) VALUES (@action, 'Action')", new { action });
        var (_, rule, pending) = await NewPendingAsync(action);
        await ExecuteAsync(meanwhile, new { rule.Ref, rule.TriggerRef, rule.ActionRef });

        await ResolveAllAsync();

        var enforcement = await ReadAsync(pending);
        Assert.That(enforcement.Status, Is.EqualTo(EnforcementStatus.Disabled));
        Assert.That(enforcement.ResolvedAt, Is.GreaterThan(enforcement.Created));
        Assert.That(await ExecutionsOfAsync(enforcement), Is.Empty);
    }

    [Test]
    public async Task The_action_is_that_of_the_version_which_matched()
    {
        var (_, rule, pending) = await NewPendingAsync("core.echo");
        await Rules.UpdateAsync(rule.Ref, new() { ActionRef = "core.noop" }, Cancellation);

        await ResolveAllAsync();

        Assert.That((await ExecutionsOfAsync(pending)).Single().ActionRef, Is.EqualTo("core.echo"));
    }

    [Test]
    public async Task Resolvers_side_by_side_request_exactly_one_execution_for_each_enforcement()
    {
        var trigger = await NewTriggerAsync();
        await NewRuleAsync(trigger);
        var written = await Ledger.AppendAsync(
            [.. Enumerable.Range(0, 400).Select(number => new NewEvent { TriggerRef = trigger, Payload = Parsed($"{number}") })],
            Cancellation);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(async () =>
        {
            var resolver = new EnforcementResolver(Database, NullLogger<EnforcementResolver>.Instance);
            for (var round = 0; round < 20; round++)
            {
                _ = number % 2 == 0
                    ? await resolver.ResolveBatchAsync(TimeRange.Always.Since, 37, Cancellation)
                    : await resolver.ResolveOldBatchAsync(TimeRange.Always.Until, 37, Cancellation);
            }
        })));
        await ResolveAllAsync();

        var counts = await QueryAsync<long>(
            "SELECT count(*) FROM execution WHERE trigger_ref = @trigger GROUP BY enforcement", new { trigger });
        Assert.That(counts, Has.Count.EqualTo(written.Count).And.All.EqualTo(1));
        Assert.That(await ScalarAsync<long>(
            "SELECT count(*) FROM enforcement WHERE trigger_ref = @trigger AND status <> 'processed'", new { trigger }), Is.Zero);
    }

    [Test]
    public async Task The_oldest_are_resolved_first()
    {
        var first = (await NewPendingAsync()).Enforcement;
        var second = (await NewPendingAsync()).Enforcement;

        while ((await ReadAsync(first)).Status == EnforcementStatus.Created)
        {
            Assert.That((await ReadAsync(second)).Status, Is.EqualTo(EnforcementStatus.Created));
            await Resolver.ResolveBatchAsync(TimeRange.Always.Since, 1, Cancellation);
        }
    }

    [Test]
    public async Task An_enforcement_that_cannot_be_resolved_shows_why_and_keeps_no_other_waiting()
    {
        var action = NewName("cursed");
        await ExecuteAsync("INSERT INTO action (ref, label) VALUES (@action, 'Action')", new { action });
        var cursed = (await NewPendingAsync(action)).Enforcement;
        var sound = (await NewPendingAsync()).Enforcement;
        await ExecuteAsync($"ALTER TABLE execution ADD CONSTRAINT no_cursed CHECK (action_ref <> '{action}')");

        await Resolver.ResolveBatchAsync(TimeRange.Always.Since, EnforcementResolver.BatchSize, Cancellation);

        Assert.That((await ReadAsync(sound)).Status, Is.EqualTo(EnforcementStatus.Processed));
        Assert.That((await ReadAsync(cursed)).Status, Is.EqualTo(EnforcementStatus.Created));
        Assert.That((await ReadAsync(cursed)).PendingReason, Does.Contain("no_cursed"));
        Assert.That(await NextAttemptAsync(cursed), Is.GreaterThan(DateTime.UtcNow));

        // Not tried again before its time, and each time a while later.
        Assert.That(await Resolver.ResolveBatchAsync(TimeRange.Always.Since, EnforcementResolver.BatchSize, Cancellation), Is.Zero);
        await MakeDueAsync(cursed);
        await Resolver.ResolveBatchAsync(TimeRange.Always.Since, EnforcementResolver.BatchSize, Cancellation);
        Assert.That(
            await ScalarAsync<int>("SELECT attempts FROM resolution_failure WHERE enforcement = @Id", new { cursed.Id }), Is.EqualTo(2));

        await ExecuteAsync("ALTER TABLE execution DROP CONSTRAINT no_cursed");
        await MakeDueAsync(cursed);
        await ResolveAllAsync();

        Assert.That((await ReadAsync(cursed)).Status, Is.EqualTo(EnforcementStatus.Processed));
        Assert.That((await ReadAsync(cursed)).PendingReason, Is.Null);
        Assert.That(await ExecutionsOfAsync(cursed), Has.Count.EqualTo(1));
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM resolution_failure WHERE enforcement = @Id", new { cursed.Id }), Is.Zero);
    }

    [Test]
    public async Task An_enforcement_that_has_waited_for_weeks_is_found_even_where_its_chunk_is_compressed()
    {
        var rule = await NewRuleAsync(await NewTriggerAsync());
        var waiting = await InsertAsync(new()
        {
            Rule = rule.Id,
            RuleRef = rule.Ref,
            RuleVersion = rule.Version,
            TriggerRef = rule.TriggerRef,
            Event = 4711,
            Created = DateTimeOffset.UtcNow.AddDays(-20),
        });
        if (Engine == DatabaseEngine.Timescale)
        {
            await ExecuteAsync(
                "SELECT compress_chunk(chunk) FROM show_chunks('attune.enforcement', older_than => INTERVAL '7 days') AS chunk");
        }

        await Resolver.ResolveOldBatchAsync(DateTimeOffset.UtcNow.AddDays(-6), EnforcementResolver.BatchSize, Cancellation);

        Assert.That((await ReadAsync(waiting)).Status, Is.EqualTo(EnforcementStatus.Processed));
        Assert.That(await ExecutionsOfAsync(waiting), Has.Count.EqualTo(1));
    }

    private Task<DateTime> NextAttemptAsync(Enforcement enforcement) =>
        ScalarAsync<DateTime>("SELECT next_attempt FROM resolution_failure WHERE enforcement = @Id", new { enforcement.Id });

    private Task MakeDueAsync(Enforcement enforcement) =>
        ExecuteAsync("UPDATE resolution_failure SET next_attempt = now() WHERE enforcement = @Id", new { enforcement.Id });
}
