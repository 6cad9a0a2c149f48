using System.Collections.Concurrent;
using Attune.Modules.Events;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.Events;

public sealed class ParticipantTests(DatabaseEngine engine) : EventsTest(engine)
{
    private readonly Witness _witness = new();

    protected override IServiceCollection Configure(IServiceCollection services) => services.AddSingleton<IAppendParticipant>(_witness);

    [Test]
    public async Task A_participant_sees_what_is_written_and_its_matches_are_answered()
    {
        var trigger = await NewTriggerAsync();

        var written = await Ledger.AppendAsync(
            [
                new() { TriggerRef = trigger.Ref, Payload = Parse("""{"n": 1}"""), Target = new(9, "test.rule") },
                new() { TriggerRef = trigger.Ref },
            ], Cancellation);

        var seen = _witness.Seen.Where(one => one.TriggerRef == trigger.Ref).ToList();
        Assert.That(seen.Select(one => (one.Id, one.Trigger)), Is.EqualTo(written.Select(one => (one.Id, trigger.Id))));
        Assert.That(seen.Select(one => one.Target), Is.EqualTo((RuleTarget?[])[new(9, "test.rule"), null]));
        Assert.That(seen[0].Payload!.Value.GetProperty("n").GetInt32(), Is.EqualTo(1));
        Assert.That(
            written.Select(one => one.Matched.Single()), Is.EqualTo(written.Select(one => new MatchedRule("test.witness", 1, one.Id))));
    }

    [Test]
    public async Task A_participant_is_told_the_state_of_the_rules_and_the_time()
    {
        var trigger = await NewTriggerAsync();

        var first = await Ledger.AppendAsync(new NewEvent { TriggerRef = trigger.Ref }, Cancellation);
        var (before, created) = (_witness.Epoch, _witness.Created);
        await Triggers.UpdateAsync(trigger.Ref, new() { Label = "Another" }, Cancellation);
        await Ledger.AppendAsync(new NewEvent { TriggerRef = trigger.Ref }, Cancellation);

        Assert.That(created, Is.EqualTo(first.Created));
        Assert.That(_witness.Epoch, Is.GreaterThan(before));
    }

    [Test]
    public async Task A_duplicate_is_not_shown_to_a_participant()
    {
        var trigger = await NewTriggerAsync();
        var given = new NewEvent { TriggerRef = trigger.Ref, Key = "shown once" };

        await Ledger.AppendAsync(given, Cancellation);
        var again = await Ledger.AppendAsync(given, Cancellation);

        Assert.That(_witness.Seen.Count(one => one.TriggerRef == trigger.Ref), Is.EqualTo(1));
        Assert.That(again.Matched, Is.Empty);
    }

    [Test]
    public async Task An_exception_of_a_participant_undoes_its_event_and_no_other()
    {
        var (good, bad) = (await NewTriggerAsync(), await NewTriggerAsync());
        _witness.Acting = (context, _) => context.Events.Any(one => one.TriggerRef == bad.Ref)
            ? throw new InvalidDataException("The participant is at a loss.")
            : Task.CompletedTask;

        var calls = Enumerable.Range(0, 40).Select(i => Ledger.AppendAsync(
            new NewEvent { TriggerRef = i % 10 == 3 ? bad.Ref : good.Ref, Key = $"undone {i}" }, Cancellation)).ToList();
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default);
        _witness.Acting = null;

        Assert.That(await CountAsync(bad.Ref), Is.Zero);
        Assert.That(await CountAsync(good.Ref), Is.EqualTo(36));
        Assert.That(calls[3].Exception!.InnerException, Is.InstanceOf<InvalidDataException>());
        Assert.That(
            (await Ledger.AppendAsync(new NewEvent { TriggerRef = bad.Ref, Key = "undone 3" }, Cancellation)).IsDuplicate, Is.False);
    }

    [Test]
    public async Task A_connection_lost_before_the_commit_costs_nobody_an_event()
    {
        var trigger = await NewTriggerAsync();
        var losses = 2;
        _witness.Acting = async (context, token) =>
        {
            if (Interlocked.Decrement(ref losses) >= 0)
            {
                await context.Connection.ExecuteAsync(
                    new CommandDefinition("SELECT pg_terminate_backend(pg_backend_pid())", cancellationToken: token));
            }
        };

        var written = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(_ => Ledger.AppendAsync(new NewEvent { TriggerRef = trigger.Ref }, Cancellation)));
        _witness.Acting = null;

        Assert.That(losses, Is.Negative);
        Assert.That(written.Select(one => one.Id), Is.Unique);
        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(30));
    }

    [Test]
    public async Task A_connection_lost_during_the_commit_is_told_and_the_key_makes_it_safe_to_try_again()
    {
        var trigger = await NewTriggerAsync();
        await ExecuteAsync(
            """
            CREATE FUNCTION attune.die_at_commit() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER die_at_commit AFTER INSERT ON attune.event_key DEFERRABLE INITIALLY DEFERRED
               FOR EACH ROW EXECUTE FUNCTION attune.die_at_commit();
            """);
        var given = new NewEvent { TriggerRef = trigger.Ref, Key = "lost at commit" };

        Assert.That(async () => await Ledger.AppendAsync(given, Cancellation),
            Throws.InstanceOf<NpgsqlException>().With.Message.Contains("may be written or not"));
        await ExecuteAsync("DROP TRIGGER die_at_commit ON attune.event_key");
        await Ledger.AppendAsync(given, Cancellation);
        await Ledger.AppendAsync(given, Cancellation);

        Assert.That(await CountAsync(trigger.Ref), Is.EqualTo(1));
    }

    private sealed class Witness : IAppendParticipant
    {
        public ConcurrentQueue<WrittenEvent> Seen { get; } = [];

        public long Epoch { get; private set; }

        public DateTimeOffset Created { get; private set; }

        public Func<AppendContext, CancellationToken, Task>? Acting { get; set; }

        public async Task<IReadOnlyList<IReadOnlyList<MatchedRule>>> AppendingAsync(
            AppendContext context, CancellationToken cancellationToken)
        {
            (Epoch, Created) = (context.RuleEpoch, context.Created);
            if (Acting is { } acting)
            {
                await acting(context, cancellationToken);
            }

            foreach (var one in context.Events)
            {
                Seen.Enqueue(one);
            }

            return [.. context.Events.Select(one => (IReadOnlyList<MatchedRule>)[new MatchedRule("test.witness", 1, one.Id)])];
        }
    }
}
