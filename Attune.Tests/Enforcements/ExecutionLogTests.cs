using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Workers;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Enforcements;

/// <summary>What actions say while they run, as it is kept with their executions.</summary>
public sealed class ExecutionLogTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private ExecutionLog Log => Get<ExecutionLog>();

    [Test]
    public async Task Lines_are_kept_in_order_and_those_after_a_line_can_be_asked_for()
    {
        var lease = await RunningAsync();
        await using (var lines = new SaidLines(Log, lease, TimeProvider.System, NullLogger.Instance))
        {
            lines.Say(ExecutionLineLevel.Info, "Sends it.");
            lines.Say(ExecutionLineLevel.Warning, "Answered \0 503.");
            lines.Say(ExecutionLineLevel.Error, new string('x', 5_000));
        }

        var kept = (await Log.ReadAsync(lease.Id, 0, Cancellation))!;

        Assert.That(kept.Select(line => (line.Number, line.Level, line.Text.Length)), Is.EqualTo(((int, ExecutionLineLevel, int)[])
            [(1, ExecutionLineLevel.Info, 9), (2, ExecutionLineLevel.Warning, 15), (3, ExecutionLineLevel.Error, 2_001)]));
        Assert.That(kept[1].Text, Is.EqualTo("Answered \uFFFD 503."));
        Assert.That((await Log.ReadAsync(lease.Id, 2, Cancellation))!.Select(line => line.Number), Is.EqualTo((int[])[3]));
        Assert.That(await Log.ReadAsync(long.MaxValue, 0, Cancellation), Is.Null);
        Assert.That((await RefusedAsync(() => Log.ReadAsync(lease.Id, -1, Cancellation))).Field, Is.EqualTo("after"));
    }

    [Test]
    public async Task No_more_lines_of_an_execution_are_kept_than_may_be_however_often_it_is_run()
    {
        var lease = await RunningAsync();
        for (var run = 0; run < 2; run++)
        {
            await using var lines = new SaidLines(Log, lease, TimeProvider.System, NullLogger.Instance);
            for (var i = 0; i < 200; i++)
            {
                lines.Say(ExecutionLineLevel.Info, $"{run}.{i}");
            }
        }

        var kept = (await Log.ReadAsync(lease.Id, 0, Cancellation))!;

        Assert.That(kept.Select(line => line.Number), Is.EqualTo(Enumerable.Range(1, IExecutionLog.Most)));
        Assert.That((kept[199].Text, kept[200].Text), Is.EqualTo(("0.199", "1.0")), "the second run goes on");
    }

    [Test]
    public async Task A_worker_that_has_lost_its_lease_adds_nothing()
    {
        var lease = await RunningAsync();

        await Log.WriteAsync(lease with { StartedAt = lease.StartedAt.AddSeconds(1) }, [Line("another lease")], Cancellation);
        await Log.WriteAsync(lease with { Worker = lease.Worker + 1 }, [Line("another worker")], Cancellation);
        await ExecuteAsync("UPDATE execution SET status = 'completed' WHERE id = @Id", new { lease.Id });
        await Log.WriteAsync(lease, [Line("too late")], Cancellation);

        Assert.That(await Log.ReadAsync(lease.Id, 0, Cancellation), Is.Empty);
    }

    private static SaidLine Line(string text) => new(DateTimeOffset.UtcNow, ExecutionLineLevel.Info, text);

    private async Task<ExecutionLease> RunningAsync()
    {
        var (id, created, startedAt) = (await QueryAsync<(long, DateTimeOffset, DateTimeOffset)>(
            """
            INSERT INTO execution (action_ref, status, worker, started_at)
            VALUES ('core.noop', 'running', 77, clock_timestamp())
            RETURNING id, created, started_at
            """)).Single();
        return new() { Id = id, Created = created, Worker = 77, StartedAt = startedAt };
    }
}
