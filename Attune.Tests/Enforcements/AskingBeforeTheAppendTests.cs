using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Events;
using Dapper;

namespace Attune.Tests.Enforcements;

/// <summary>Rules are asked before their event is queued, and the transaction sees whether that still holds.</summary>
public sealed class AskingBeforeTheAppendTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task A_call_that_waits_while_a_rule_is_changed_meets_the_rule_as_it_is_when_it_is_written()
    {
        var trigger = await NewTriggerAsync();
        var changed = await NewRuleAsync(trigger, parameters: """{"n": 1}""");
        var switchedOff = await NewRuleAsync(trigger);
        var same = await NewRuleAsync(trigger);
        await AppendAsync(trigger);

        Task<AppendedEvent>[] waiting;
        Rule added;
        await using (var connection = await Database.OpenConnectionAsync(Cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            // Two writers come as far as the table, and so does what they took; the others are prepared, and wait.
            await connection.ExecuteAsync(new CommandDefinition("LOCK TABLE event IN ACCESS EXCLUSIVE MODE", cancellationToken: Cancellation));
            var taken = new List<Task>();
            for (var writers = 1; writers <= 2; writers++)
            {
                taken.Add(AppendAsync(trigger));
                await WaitForWritersAsync(writers);
            }

            waiting = [.. Enumerable.Range(0, 10).Select(_ => AppendAsync(trigger))];
            await Rules.UpdateAsync(changed.Ref, new() { ActionParams = Parsed("""{"n": 2}""") }, Cancellation);
            await Rules.UpdateAsync(switchedOff.Ref, new() { Enabled = false }, Cancellation);
            added = await NewRuleAsync(trigger);
            await transaction.RollbackAsync(Cancellation);
            await Task.WhenAll(taken);
        }

        var expected = new[] { (changed.Ref, 2), (same.Ref, 1), (added.Ref, 1) }.OrderBy(one => one.Ref, StringComparer.Ordinal);
        foreach (var written in await Task.WhenAll(waiting))
        {
            Assert.That(written.Matched.Select(one => (one.RuleRef, one.RuleVersion)), Is.EquivalentTo(expected));
            var left = await Enforcements.FindAsync(written.Matched.Single(one => one.RuleRef == changed.Ref).Enforcement, Cancellation);
            Assert.That(left!.Config!.Value.GetProperty("n").GetInt32(), Is.EqualTo(2));
        }
    }

    [Test]
    public async Task A_change_of_one_rule_leaves_what_is_cached_of_the_others()
    {
        var trigger = await NewTriggerAsync();
        var other = await NewTriggerAsync();
        var changed = await NewRuleAsync(trigger);
        var same = await NewRuleAsync(trigger);
        await NewRuleAsync(other);
        var cache = Get<RuleCache>();
        var before = await ReadAsync(cache, trigger, other);

        await Rules.UpdateAsync(changed.Ref, new() { ActionParams = Parsed("""{"n": 2}""") }, Cancellation);
        var after = await ReadAsync(cache, trigger, other);

        Assert.That(after.Epoch, Is.GreaterThan(before.Epoch));
        Assert.That(after.Of(other), Is.SameAs(before.Of(other)));
        Assert.That(One(after, trigger, same), Is.SameAs(One(before, trigger, same)));
        Assert.That(One(after, trigger, changed).Stored.Version, Is.EqualTo(2));
    }

    [Test]
    public async Task A_rule_that_moves_to_another_trigger_or_is_deleted_is_cached_no_more()
    {
        var (from, to) = (await NewTriggerAsync(), await NewTriggerAsync());
        var (moved, deleted) = (await NewRuleAsync(from), await NewRuleAsync(from));
        var cache = Get<RuleCache>();
        await ReadAsync(cache, from, to);

        await Rules.UpdateAsync(moved.Ref, new() { TriggerRef = to }, Cancellation);
        await Rules.DeleteAsync(deleted.Ref, Cancellation);
        var after = await ReadAsync(cache, from, to);

        Assert.That(after.Of(from), Is.Empty);
        Assert.That(after.Of(to).Select(rule => rule.Stored.Ref), Is.EqualTo((string[])[moved.Ref]));
    }

    [Test]
    public async Task Rules_are_read_anew_when_the_database_is_put_back_to_an_earlier_epoch()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        var cache = Get<RuleCache>();
        var before = await ReadAsync(cache, trigger);

        await ExecuteAsync("UPDATE rule_epoch SET epoch = epoch - 3");
        var after = await ReadAsync(cache, trigger);
        await ExecuteAsync("UPDATE rule_epoch SET epoch = epoch + 3");

        Assert.That(after.Epoch, Is.EqualTo(before.Epoch - 3));
        Assert.That(One(after, trigger, rule), Is.Not.SameAs(One(before, trigger, rule)));
    }

    private static CachedRule One(RuleSet rules, string trigger, Rule rule) => rules.Of(trigger).Single(one => one.Stored.Id == rule.Id);

    private async Task<RuleSet> ReadAsync(RuleCache cache, params string[] triggers)
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        var epoch = await connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT epoch FROM rule_epoch", cancellationToken: Cancellation));
        return await cache.GetAsync(connection, epoch, triggers, Cancellation);
    }

    private Task WaitForWritersAsync(int count) => Eventually.HoldsAsync(
        async () => await ScalarAsync<long>(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()") >= count,
        "the writers wait for the table");
}
