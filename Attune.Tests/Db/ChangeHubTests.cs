using Attune.Db.Changes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Db;

[TestFixture]
public sealed class ChangeHubTests
{
    private static readonly Change Some = new() { Channel = Channels.EventCreated, EntityType = "event", Id = 1 };

    [Test]
    public async Task A_change_that_concerns_a_subscriber_reaches_it_and_another_does_not()
    {
        var hub = new ChangeHub(TimeProvider.System, NullLogger<ChangeHub>.Instance);
        int concerned = 0, unconcerned = 0;
        using var one = hub.Subscribe(change => change.Id == 1, Counting(() => Interlocked.Increment(ref concerned)), TimeSpan.Zero);
        using var two = hub.Subscribe(change => change.Id == 2, Counting(() => Interlocked.Increment(ref unconcerned)), TimeSpan.Zero);

        hub.Publish(Some);
        await Eventually.HoldsAsync(() => Volatile.Read(ref concerned) == 1, "the call of the one that is concerned");

        Assert.That(Volatile.Read(ref unconcerned), Is.Zero);
    }

    [Test]
    public async Task Changes_during_a_call_lead_to_exactly_one_more()
    {
        var hub = new ChangeHub(TimeProvider.System, NullLogger<ChangeHub>.Instance);
        var calls = 0;
        var entered = new TaskCompletionSource();
        var leave = new TaskCompletionSource();
        using var subscription = hub.Subscribe(_ => true, async _ =>
        {
            Interlocked.Increment(ref calls);
            entered.TrySetResult();
            await leave.Task;
        }, TimeSpan.FromMilliseconds(1));

        hub.Publish(Some);
        await entered.Task;
        for (var i = 0; i < 1000; i++)
        {
            hub.Publish(Some);
        }

        Assert.That(Volatile.Read(ref calls), Is.EqualTo(1), "never twice at once");
        leave.SetResult();
        await Eventually.HoldsAsync(() => Volatile.Read(ref calls) == 2, "the call after the last change");

        // Whatever was signalled before has been answered: a later change makes the third call, not the fourth.
        hub.Publish(Some);
        await Eventually.HoldsAsync(() => Volatile.Read(ref calls) >= 3, "the call of a later change");
        Assert.That(Volatile.Read(ref calls), Is.EqualTo(3));
    }

    [Test]
    public async Task Two_calls_are_at_least_the_interval_apart()
    {
        var hub = new ChangeHub(TimeProvider.System, NullLogger<ChangeHub>.Instance);
        var interval = TimeSpan.FromMilliseconds(200);
        var calls = new System.Collections.Concurrent.ConcurrentQueue<long>();
        using var subscription = hub.Subscribe(_ => true, Counting(() => calls.Enqueue(TimeProvider.System.GetTimestamp())), interval);

        await Eventually.HoldsAsync(() =>
        {
            hub.Publish(Some);
            return calls.Count >= 3;
        }, "three calls");

        var times = calls.ToArray();
        Assert.That(
            times.Zip(times.Skip(1), (first, second) => TimeProvider.System.GetElapsedTime(first, second)),
            Has.All.GreaterThan(interval - TimeSpan.FromMilliseconds(30)));
    }

    [Test]
    public async Task A_reader_that_fails_is_logged_with_its_failure_and_called_again_at_the_next_change()
    {
        var log = new LogLines<ChangeHub>();
        var hub = new ChangeHub(TimeProvider.System, log);
        var failure = new InvalidOperationException("the reader's own failure");
        var calls = 0;
        using var subscription = hub.Subscribe(_ => true, _ =>
        {
            Interlocked.Increment(ref calls);
            throw failure;
        }, TimeSpan.FromMilliseconds(1));

        for (var expected = 1; expected <= 3; expected++)
        {
            hub.Publish(Some);
            await Eventually.HoldsAsync(() => Volatile.Read(ref calls) >= expected, "a call after a failure");
        }

        await Eventually.HoldsAsync(() => log.Written.Count == Volatile.Read(ref calls), "a line for each failure");
        Assert.That(log.Written.Select(line => (line.Level, line.Error)), Is.All.EqualTo((LogLevel.Error, failure)));
    }

    [Test]
    public async Task After_the_end_nothing_is_called_and_a_call_under_way_is_cancelled()
    {
        var hub = new ChangeHub(TimeProvider.System, NullLogger<ChangeHub>.Instance);
        var calls = 0;
        var entered = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var subscription = hub.Subscribe(_ => true, async token =>
        {
            Interlocked.Increment(ref calls);
            await using var registration = token.Register(cancelled.SetResult);
            entered.SetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        }, TimeSpan.Zero);
        hub.Publish(Some);
        await entered.Task;

        subscription.Dispose();
        await cancelled.Task;
        hub.Publish(Some);

        Assert.That(Volatile.Read(ref calls), Is.EqualTo(1));
        Assert.That(subscription.Dispose, Throws.Nothing, "ending twice does no harm");
    }

    [Test]
    public async Task When_the_connection_is_back_everyone_reads_again()
    {
        var hub = new ChangeHub(TimeProvider.System, NullLogger<ChangeHub>.Instance);
        var calls = 0;
        using var subscription = hub.Subscribe(_ => false, Counting(() => Interlocked.Increment(ref calls)), TimeSpan.Zero);

        hub.SetConnected(false);
        Assert.That(hub.Connected, Is.False);
        hub.SetConnected(true);

        Assert.That(hub.Connected, Is.True);
        await Eventually.HoldsAsync(() => Volatile.Read(ref calls) == 1, "the call after the connection came back");
    }

    private static Func<CancellationToken, Task> Counting(Action count) => _ =>
    {
        count();
        return Task.CompletedTask;
    };
}
