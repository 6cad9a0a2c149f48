using System.Collections.Concurrent;
using Attune.Modules.Events;
using Attune.Modules.Events.Timers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Events;

public sealed class TimerTests(DatabaseEngine engine) : EventsTest(engine)
{
    // A multiple of every interval below.
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    private readonly ConcurrentStack<TimerService> _running = [];

    [TearDown]
    public async Task StopAsync()
    {
        while (_running.TryPop(out var service))
        {
            await service.StopAsync(CancellationToken.None);
            service.Dispose();
        }
    }

    [Test]
    public async Task A_tick_that_came_due_a_moment_before_the_start_is_fired()
    {
        var timer = await NewTimerAsync(seconds: 60);
        var clock = new ManualClock(Start.AddSeconds(25));

        await RunAsync(clock, [timer]);

        var fired = (await FiredAsync(timer)).Single();
        var payload = fired.Payload!.Value;
        Assert.That(
            (payload.GetProperty("tick").GetString(), payload.GetProperty("seconds").GetInt64(), payload.GetProperty("rule").GetString()),
            Is.EqualTo(("2027-01-15T08:00:00Z", 60L, timer.Rule.Ref)));
        Assert.That(payload.TryGetProperty("missed", out _), Is.False);
        Assert.That((fired.TriggerRef, fired.SourceRef, fired.Rule, fired.RuleRef),
            Is.EqualTo((timer.TriggerRef, "core.timer", (long?)timer.Rule.Id, timer.Rule.Ref)));
    }

    [Test]
    public async Task A_new_timer_does_not_fire_what_was_due_before_it()
    {
        var timer = await NewTimerAsync(seconds: 60, position: Start.AddSeconds(20));
        var clock = new ManualClock(Start.AddSeconds(25));

        await RunAsync(clock, [timer]);
        for (var i = 0; i < 20; i++)
        {
            await PassAsync(clock, TimeSpan.FromSeconds(2));
        }

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[60]));
    }

    [Test]
    public async Task Each_tick_fires_once()
    {
        var timer = await NewTimerAsync(seconds: 5);
        var clock = new ManualClock(Start);

        await RunAsync(clock, [timer]);
        for (var second = 1; second <= 16; second++)
        {
            await PassAsync(clock, TimeSpan.FromSeconds(1));
        }

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[0, 5, 10, 15]));
    }

    [Test]
    public async Task Hosts_that_run_the_same_timers_fire_one_event_a_tick()
    {
        var timers = new[] { await NewTimerAsync(seconds: 1), await NewTimerAsync(seconds: 2) };
        var clock = new ManualClock(Start);
        await using var second = NewServices();
        await using var third = NewServices();

        await RunAsync(clock, timers);
        await RunAsync(clock, timers, second.GetRequiredService<IEventLedger>());
        await RunAsync(clock, timers, third.GetRequiredService<IEventLedger>());
        for (var i = 0; i < 6; i++)
        {
            await PassAsync(clock, TimeSpan.FromSeconds(1));
        }

        Assert.That(await TicksAsync(timers[0]), Is.EqualTo((int[])[0, 1, 2, 3, 4, 5, 6]));
        Assert.That(await TicksAsync(timers[1]), Is.EqualTo((int[])[0, 2, 4, 6]));
    }

    [Test]
    public async Task Hosts_whose_clocks_are_wrong_tick_by_the_clock_of_the_database()
    {
        var timer = await NewTimerAsync(seconds: 60);
        var (late, early) = (new ManualClock(Start.AddHours(-3)), new ManualClock(Start.AddHours(5)));
        await using var second = NewServices();

        await RunAsync(late, [timer], ahead: TimeSpan.FromHours(3));
        await RunAsync(early, [timer], second.GetRequiredService<IEventLedger>(), TimeSpan.FromHours(-5));
        for (var i = 0; i < 61; i++)
        {
            late.Advance(TimeSpan.FromSeconds(2));
            early.Advance(TimeSpan.FromSeconds(2));
            await Eventually.HoldsAsync(() => late.Sleepers + early.Sleepers == 2, "both hosts at rest");
        }

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[0, 60, 120]));
    }

    [Test]
    public async Task When_the_clock_was_ahead_and_is_put_right_ticks_go_on_and_none_comes_twice()
    {
        var timer = await NewTimerAsync(seconds: 3_600);
        var clock = new ManualClock(Start.AddSeconds(1));
        var source = await RunAsync(clock, [timer]);

        source.Ahead = TimeSpan.FromHours(5);
        await PassAsync(clock, TimeSpan.FromSeconds(2));
        source.Ahead = TimeSpan.Zero;
        for (var hour = 1; hour <= 6; hour++)
        {
            await PassAsync(clock, TimeSpan.FromHours(1));
        }

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[0, 3_600, 7_200, 10_800, 14_400, 18_000, 21_600]));
    }

    [Test]
    public async Task A_host_that_starts_again_does_not_fire_a_tick_again()
    {
        var timer = await NewTimerAsync(seconds: 60);
        var clock = new ManualClock(Start.AddSeconds(5));

        await RunAsync(clock, [timer]);
        await StopAsync();

        // As if the host had been killed before it could say how far it was.
        await RunAsync(clock, [timer]);

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[0]));
    }

    [Test]
    public async Task After_a_short_outage_every_tick_is_fired()
    {
        var timer = await NewTimerAsync(seconds: 10, position: Start);

        await RunAsync(new ManualClock(Start.AddSeconds(59)), [timer]);

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[10, 20, 30, 40, 50]));
    }

    [Test]
    public async Task After_a_long_outage_the_last_tick_is_fired_and_says_how_many_were_missed()
    {
        var timer = await NewTimerAsync(seconds: 86_400, position: Start);

        await RunAsync(new ManualClock(Start.AddDays(30).AddHours(-8)), [timer]);

        var fired = (await FiredAsync(timer)).Single().Payload!.Value;
        Assert.That(
            (fired.GetProperty("tick").GetString(), fired.GetProperty("missed").GetInt64()), Is.EqualTo(("2027-02-14T00:00:00Z", 29L)));
    }

    [Test]
    public async Task Missed_ticks_are_all_fired_where_the_rule_says_so()
    {
        var timer = await NewTimerAsync(seconds: 3_600, position: Start, missed: "all");

        await RunAsync(new ManualClock(Start.AddHours(5.5)), [timer]);

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[3_600, 7_200, 10_800, 14_400, 18_000]));
    }

    [Test]
    public async Task However_many_ticks_were_missed_other_timers_tick_between_them()
    {
        var (behind, other) = (
            await NewTimerAsync(seconds: 3_600, position: Start.AddHours(-500), missed: "all"), await NewTimerAsync(seconds: 1));
        var clock = new ManualClock(Start);
        var ledger = new UnsteadyLedger(Ledger);

        await RunAsync(clock, [behind, other], ledger);

        Assert.That(await TicksAsync(behind), Is.EqualTo(Enumerable.Range(-499, 500).Select(hour => 3_600 * hour)));
        Assert.That(await TicksAsync(other), Is.EqualTo((int[])[0]));
        Assert.That(ledger.Calls.Max(), Is.LessThanOrEqualTo(20));
    }

    [Test]
    public async Task Missed_ticks_are_counted_by_the_next_one_where_the_rule_wants_none()
    {
        var timer = await NewTimerAsync(seconds: 3_600, position: Start, missed: "none");
        var clock = new ManualClock(Start.AddHours(5).AddSeconds(3_599));

        await RunAsync(clock, [timer]);
        Assert.That(await FiredAsync(timer), Is.Empty);
        await PassAsync(clock, TimeSpan.FromSeconds(2));

        var fired = (await FiredAsync(timer)).Single().Payload!.Value;
        Assert.That(
            (fired.GetProperty("tick").GetString(), fired.GetProperty("missed").GetInt64()), Is.EqualTo(("2027-01-15T14:00:00Z", 5L)));
    }

    [Test]
    public async Task A_timer_that_makes_no_sense_holds_no_other_up()
    {
        var (good, bad) = (await NewTimerAsync(seconds: 1), await NewTimerAsync(seconds: 1));
        bad = bad with { Parameters = Parse("""{"seconds": "often"}""") };

        await RunAsync(new ManualClock(Start), [bad, good]);

        Assert.That(await TicksAsync(good), Is.EqualTo((int[])[0]));
        Assert.That(await FiredAsync(bad), Is.Empty);
    }

    [Test]
    public async Task Timers_come_and_go_without_a_restart()
    {
        var (first, second) = (await NewTimerAsync(seconds: 1), await NewTimerAsync(seconds: 1));
        var clock = new ManualClock(Start);
        var source = await RunAsync(clock, [first]);

        source.Timers = [second with { Position = Start.AddSeconds(1) }];
        await PassAsync(clock, TimeSpan.FromSeconds(2));
        source.Timers = [];
        await PassAsync(clock, TimeSpan.FromSeconds(2));
        await PassAsync(clock, TimeSpan.FromSeconds(2));

        Assert.That(await TicksAsync(first), Is.EqualTo((int[])[0]));
        Assert.That(await TicksAsync(second), Is.EqualTo((int[])[2]));
    }

    [Test]
    public async Task Ticks_of_a_disabled_trigger_are_let_go()
    {
        // The cron trigger: no other test of this fixture needs it.
        var (good, bad) = (await NewTimerAsync(seconds: 1), (await NewTimerAsync(seconds: 1)) with
        {
            TriggerRef = TimerTriggers.Cron, Parameters = Parse("""{"expression": "* * * * * *"}"""),
        });
        await Triggers.UpdateAsync(bad.TriggerRef, new() { Enabled = false }, Cancellation);
        var clock = new ManualClock(Start);

        await RunAsync(clock, [bad, good]);
        await PassAsync(clock, TimeSpan.FromSeconds(1));
        await Triggers.UpdateAsync(bad.TriggerRef, new() { Enabled = true }, Cancellation);
        await PassAsync(clock, TimeSpan.FromSeconds(1));

        Assert.That(await TicksAsync(good), Is.EqualTo((int[])[0, 1, 2]));
        Assert.That(await TicksAsync(bad), Is.EqualTo((int[])[2]));
    }

    [Test]
    public async Task A_source_that_fails_is_read_again()
    {
        var timer = await NewTimerAsync(seconds: 1);
        var clock = new ManualClock(Start);
        var source = await RunAsync(clock, [timer]);

        source.Failure = new TimeoutException("The database is away.");
        await PassAsync(clock, TimeSpan.FromSeconds(2));
        await PassAsync(clock, TimeSpan.FromSeconds(2));
        source.Failure = null;
        await PassAsync(clock, TimeSpan.FromSeconds(2));

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[0, 1, 2, 3, 4, 5, 6]));
    }

    [Test]
    public async Task A_tick_that_could_not_be_written_is_fired_a_little_later()
    {
        var timer = await NewTimerAsync(seconds: 3_600);
        var clock = new ManualClock(Start);
        var ledger = new UnsteadyLedger(Ledger) { Failures = 2 };

        await RunAsync(clock, [timer], ledger);
        Assert.That(await FiredAsync(timer), Is.Empty);
        await PassAsync(clock, TimeSpan.FromSeconds(2));
        await PassAsync(clock, TimeSpan.FromSeconds(2));

        Assert.That(await TicksAsync(timer), Is.EqualTo((int[])[0]));
    }

    /// <summary>A timer that has come as far as a second before the start, unless it is said how far.</summary>
    private async Task<RuleTimer> NewTimerAsync(int seconds, DateTimeOffset? position = null, string missed = "latest")
    {
        var trigger = await NewTriggerAsync();
        return new()
        {
            Rule = new(trigger.Id, $"{trigger.Ref}_rule"),
            TriggerRef = TimerTriggers.Interval,
            Parameters = Parse($$"""{"seconds": {{seconds}}, "missed_ticks": "{{missed}}"}"""),
            Position = position ?? Start.AddSeconds(-1),
        };
    }

    /// <summary>Starts a service, and waits until it has nothing to do but wait.</summary>
    private async Task<Source> RunAsync(
        ManualClock clock, IReadOnlyList<RuleTimer> timers, IEventLedger? ledger = null, TimeSpan ahead = default)
    {
        var source = new Source(clock) { Timers = timers, Ahead = ahead };
        var service = new TimerService(ledger ?? Ledger, clock, NullLogger<TimerService>.Instance, source);
        var asleep = clock.Sleepers;
        await service.StartAsync(Cancellation);
        _running.Push(service);
        await Eventually.HoldsAsync(() => clock.Sleepers > asleep, "a service at rest");
        return source;
    }

    /// <summary>Lets time pass, and waits until every service waits again.</summary>
    private async Task PassAsync(ManualClock clock, TimeSpan time)
    {
        // A service sleeps until its tick is safely there.
        clock.Advance(time + TimeSpan.FromMilliseconds(1));
        await Eventually.HoldsAsync(() => clock.Sleepers == _running.Count, "every service at rest");
    }

    private Task<IReadOnlyList<Event>> FiredAsync(RuleTimer timer) => QueryAsync<Event>(
        """
        SELECT id, trigger_ref, payload, source_ref, created, rule, rule_ref
          FROM event
         WHERE rule_ref = @Ref
         ORDER BY id
        """, new { timer.Rule.Ref });

    private async Task<IEnumerable<int>> TicksAsync(RuleTimer timer) => (await FiredAsync(timer))
        .Select(one => (int)(one.Payload!.Value.GetProperty("tick").GetDateTimeOffset() - Start).TotalSeconds)
        .Order();

    /// <summary>
    /// Holds timers as a host's database would; what is said of their progress is only forgotten where a test replaces it.
    /// </summary>
    private sealed class Source(ManualClock clock) : ITimerSource
    {
        private readonly ConcurrentDictionary<long, DateTimeOffset> _positions = [];

        public required IReadOnlyList<RuleTimer> Timers { get; set; }

        public Exception? Failure { get; set; }

        /// <summary>How far the clock of the database is ahead of the host's.</summary>
        public TimeSpan Ahead { get; set; }

        public Task<RunningTimers> ListAsync(CancellationToken cancellationToken) => Failure is null
            ? Task.FromResult(new RunningTimers(clock.GetUtcNow() + Ahead,
                [.. Timers.Select(timer => timer with { Position = _positions.GetValueOrDefault(timer.Rule.Id, timer.Position) })]))
            : Task.FromException<RunningTimers>(Failure);

        public Task AdvanceAsync(IReadOnlyList<TimerPosition> positions, CancellationToken cancellationToken)
        {
            foreach (var position in positions)
            {
                _positions.AddOrUpdate(position.Rule, position.Until, (_, reached) => reached > position.Until ? reached : position.Until);
            }

            return Task.CompletedTask;
        }
    }

    private sealed class UnsteadyLedger(IEventLedger ledger) : IEventLedger
    {
        public int Failures { get; set; }

        /// <summary>How many events each call brought.</summary>
        public ConcurrentQueue<int> Calls { get; } = [];

        public Task<AppendedEvent> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken) =>
            ledger.AppendAsync(newEvent, cancellationToken);

        public Task<IReadOnlyList<AppendedEvent>> AppendAsync(IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken)
        {
            Calls.Enqueue(newEvents.Count);
            return Failures-- > 0
                ? Task.FromException<IReadOnlyList<AppendedEvent>>(new Npgsql.NpgsqlException("The database is away."))
                : ledger.AppendAsync(newEvents, cancellationToken);
        }
    }
}
