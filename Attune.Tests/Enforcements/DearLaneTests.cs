using System.Collections.Concurrent;
using Attune.Modules.Enforcements.Matching;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class DearLaneTests
{
    private static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    [Test]
    public async Task Triggers_take_turns_and_each_keeps_its_order()
    {
        using var lane = new DearLane();
        using var begin = new ManualResetEventSlim();
        var done = new ConcurrentQueue<string>();
        var first = lane.RunAsync("x", 0, begin.Wait, Cancellation);
        var calls = new[] { "a1", "a2", "a3", "b1", "b2", "c1" }
            .Select(name => lane.RunAsync(name[..1], 10, () => done.Enqueue(name), Cancellation)).ToArray();

        begin.Set();
        await Task.WhenAll([first, .. calls]);

        Assert.That(done, Is.EqualTo((string[])["a1", "b1", "c1", "a2", "b2", "a3"]));
    }

    [Test]
    public async Task A_trigger_whose_line_is_full_is_refused_and_another_is_not()
    {
        using var lane = new DearLane();
        using var begin = new ManualResetEventSlim();
        var running = lane.RunAsync("x", 0, begin.Wait, Cancellation);
        await Eventually.HoldsAsync(() => lane.Waiting == 0, "the first runs");
        var waiting = Enumerable.Range(0, DearLane.MostOfTrigger).Select(_ => lane.RunAsync("a", 1, () => { }, Cancellation)).ToList();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => lane.RunAsync("a", 1, () => { }, Cancellation));
        waiting.Add(lane.RunAsync("b", 1, () => { }, Cancellation));

        Assert.That((refused!.Kind, refused.Field), Is.EqualTo((RefusalKind.TooMany, "trigger_ref")));
        Assert.That(refused.RetryAfter, Is.GreaterThan(TimeSpan.Zero));
        begin.Set();
        await Task.WhenAll([running, .. waiting]);
    }

    [Test]
    public async Task The_bytes_that_wait_are_bounded_and_one_large_event_is_not_refused()
    {
        using var lane = new DearLane();
        using var begin = new ManualResetEventSlim();
        var running = lane.RunAsync("x", 0, begin.Wait, Cancellation);
        await Eventually.HoldsAsync(() => lane.Waiting == 0, "the first runs");

        var large = lane.RunAsync("a", DearLane.MostBytesOfTrigger + 1, () => { }, Cancellation);
        await Assert.ThrowsAsync<RefusedException>(() => lane.RunAsync("a", 1, () => { }, Cancellation));

        begin.Set();
        await Task.WhenAll(running, large);
    }

    [Test]
    public async Task A_caller_that_goes_while_it_waits_is_not_run()
    {
        using var lane = new DearLane();
        using var begin = new ManualResetEventSlim();
        using var gone = new CancellationTokenSource();
        var ran = false;
        var running = lane.RunAsync("x", 0, begin.Wait, Cancellation);
        var waiting = lane.RunAsync("a", 1, () => ran = true, gone.Token);

        await gone.CancelAsync();
        begin.Set();
        await running;

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
        await lane.RunAsync("a", 1, () => { }, Cancellation);
        Assert.That(ran, Is.False);
    }

    [Test]
    public async Task Nothing_runs_while_too_many_bytes_wait_to_be_written()
    {
        using var lane = new DearLane();
        lane.Hold(DearLane.MostHeldBytes + 1);
        var waiting = lane.RunAsync("a", 1, () => { }, Cancellation);

        Assert.That(await Task.WhenAny(waiting, Task.Delay(200, Cancellation)), Is.Not.SameAs(waiting));
        lane.Hold(-1);
        await waiting;
    }

    [Test]
    public async Task An_error_goes_to_the_caller_it_belongs_to_and_the_lane_goes_on()
    {
        using var lane = new DearLane();

        Assert.That(
            async () => await lane.RunAsync("a", 1, () => throw new InvalidDataException("mine"), Cancellation),
            Throws.InstanceOf<InvalidDataException>());
        await lane.RunAsync("a", 1, () => { }, Cancellation);
    }

    [Test]
    public async Task Those_who_wait_when_the_host_stops_are_let_go()
    {
        var lane = new DearLane();
        using var begin = new ManualResetEventSlim();
        var running = lane.RunAsync("x", 0, begin.Wait, Cancellation);
        await Eventually.HoldsAsync(() => lane.Waiting == 0, "the first runs");
        var waiting = lane.RunAsync("a", 1, () => { }, Cancellation);
        var closing = Task.Run(lane.Dispose, Cancellation);
        await Task.Delay(50, Cancellation);

        begin.Set();
        await Task.WhenAll(closing, running);

        Assert.That(async () => await waiting, Throws.InstanceOf<OperationCanceledException>());
    }
}
