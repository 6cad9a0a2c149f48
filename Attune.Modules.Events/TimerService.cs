using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Events;

/// <summary>
/// Fires the timers. Ticks are counted from the Unix epoch and each has a key, so any number of hosts fire one event a tick,
/// and a tick whose event could not be written is tried again.
/// </summary>
internal sealed partial class TimerService(
    IEventLedger ledger, TimeProvider clock, ILogger<TimerService> logger, ITimerSource? source = null) : BackgroundService
{
    private const string SourceRef = "core.timer";

    // How soon a new or changed timer is noticed, and a failed tick tried again.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // Keys are kept for 24 hours: an older tick may have been fired, and its key forgotten.
    private static readonly TimeSpan OldestTick = TimeSpan.FromHours(23);

    private readonly Dictionary<long, long> _fired = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (source is not null && !stoppingToken.IsCancellationRequested)
        {
            var pause = LongestPause;
            try
            {
                var timers = await source.ListAsync(stoppingToken);
                await FireAsync(timers, stoppingToken);
                pause = UntilNext(timers);
            }
            catch (Exception error) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotRead(logger, error);
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    private async Task FireAsync(IReadOnlyList<RuleTimer> timers, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var due = timers
            .Select(timer => (Timer: timer, Tick: Tick(timer, now)))
            .Where(one => _fired.GetValueOrDefault(one.Timer.Rule.Id, long.MinValue) != one.Tick)
            .ToList();

        // At once, so that they share a transaction.
        var done = await Task.WhenAll(due.Select(one =>
            now - DateTimeOffset.FromUnixTimeSeconds(one.Tick) > OldestTick
                ? Task.FromResult(true)
                : FireAsync(one.Timer, one.Tick, cancellationToken)));
        for (var i = 0; i < due.Count; i++)
        {
            if (done[i])
            {
                _fired[due[i].Timer.Rule.Id] = due[i].Tick;
            }
        }

        foreach (var gone in _fired.Keys.Except(timers.Select(timer => timer.Rule.Id)).ToList())
        {
            _fired.Remove(gone);
        }
    }

    private async Task<bool> FireAsync(RuleTimer timer, long tick, CancellationToken cancellationToken)
    {
        var at = DateTimeOffset.FromUnixTimeSeconds(tick).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        try
        {
            await ledger.AppendAsync(new NewEvent
            {
                TriggerRef = timer.TriggerRef,
                Payload = JsonSerializer.SerializeToElement(new { Tick = at, Seconds = Seconds(timer), Rule = timer.Rule.Ref }, Json.Options),
                SourceRef = SourceRef,
                Target = timer.Rule,
                Key = string.Create(CultureInfo.InvariantCulture, $"{timer.Rule.Id}:{tick}"),
                KeySpace = "timer",
            }, cancellationToken);
            return true;
        }
        catch (RefusedException refused)
        {
            Log.Refused(logger, timer.Rule.Ref, refused.Message);
            return true;
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotFired(logger, error, timer.Rule.Ref, at);
            return false;
        }
    }

    private TimeSpan UntilNext(IReadOnlyList<RuleTimer> timers)
    {
        var now = clock.GetUtcNow();
        var pause = LongestPause;
        foreach (var timer in timers)
        {
            // A delay may end a little early, and then its tick would not have come.
            var wait = DateTimeOffset.FromUnixTimeSeconds(Tick(timer, now) + Seconds(timer)) - now + TimeSpan.FromMilliseconds(1);
            pause = wait < pause ? wait : pause;
        }

        return pause;
    }

    private static long Tick(RuleTimer timer, DateTimeOffset now) => now.ToUnixTimeSeconds() / Seconds(timer) * Seconds(timer);

    private static long Seconds(RuleTimer timer) => Math.Max(1, (long)timer.Interval.TotalSeconds);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The timers could not be read; it is tried again")]
        public static partial void NotRead(ILogger logger, Exception error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The timer of rule {Rule} did not fire: {Reason}")]
        public static partial void Refused(ILogger logger, string rule, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The timer of rule {Rule} could not fire its tick of {Tick}; it is tried again")]
        public static partial void NotFired(ILogger logger, Exception error, string rule, string tick);
    }
}
