using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Events;

namespace Attune.Tests.Enforcements;

/// <summary>A read that cannot end in its time is refused with what to do instead; it is no database that is away.</summary>
public sealed class SlowReadsTests : NativeDatabaseTest
{
    [Test]
    public async Task Reads_that_take_too_long_are_refused_by_what_would_make_them_quick()
    {
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var held = await connection.BeginTransactionAsync(Cancellation);
        await using (var command = connection.CreateCommand())
        {
            command.CommandText = "LOCK TABLE event, enforcement, execution, rule_version, rule_switch IN ACCESS EXCLUSIVE MODE";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var now = DateTimeOffset.UtcNow;
        Cursor[] places = [new(now, 1)];
        var event1 = new Event { Id = 1, TriggerRef = "slow.trigger", Created = now };
        (string Field, Task Read)[] reads =
        [
            ("since", Get<IEventHistogram>().OldestAsync(Cancellation)),
            ("since", Get<IEnforcementHistogram>().OldestAsync(Cancellation)),
            ("since", Get<IExecutionHistogram>().OldestAsync(Cancellation)),
            ("first", Get<IEventScanner>().SummariesAsync(places, Cancellation)),
            ("first", Get<ExecutionScanner>().SummariesAsync(places, Cancellation)),
            ("since", Get<IDurations>().ToResolveAsync(now.AddDays(-1), now, Cancellation)),
            ("since", Get<IDurations>().ToCompleteAsync(now.AddDays(-1), now, Cancellation)),
            ("since", Get<IRuleChanges>().ListAsync(new(), Cancellation)),
            ("ref", Get<IPayloadFields>().ReadAsync("slow.trigger", Cancellation)),
        ];
        var neighbours = Get<IEventRepository>().NeighboursAsync(event1, Cancellation);

        foreach (var (field, read) in reads)
        {
            var refused = (await Assert.ThrowsAsync<RefusedException>(() => read))!;

            Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, field)), refused.Message);
        }

        Assert.That(await neighbours, Is.EqualTo(new EventNeighbours(null, null)), "a page is worth it without them");
    }
}
