using System.Globalization;
using System.Text.Json;
using Attune.Db;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Events.Timers;

/// <summary>
/// Fires the timers. Every host tries every tick, and the tick's key makes one event of it. How far a timer has come is kept in
/// the transaction of that event, so a tick that could not be written, or came due while no host ran, is still known of.
/// </summary>
internal sealed partial class TimerService(
    IEventLedger ledger, TimeProvider clock, ILogger<TimerService> logger, ITimerSource? source = null) : BackgroundService
{
    private const string SourceRef = "core.timer";

    // How soon a new or changed timer is noticed, and a failed tick tried again.
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    // What has been said of, so that it is said once.
    private readonly HashSet<(long Rule, string Parameters)> _unusable = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (source is not null && !stoppingToken.IsCancellationRequested)
        {
            var pause = LongestPause;
            try
            {
                var running = await source.ListAsync(stoppingToken);
                var ahead = running.Now - clock.GetUtcNow();
                var timers = running.Timers.Select(Readable).OfType<Ready>().ToList();
                var hasMore = await FireAsync(source, timers, running.Now, stoppingToken);
                pause = hasMore ? TimeSpan.Zero : UntilNext(timers, clock.GetUtcNow() + ahead);
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                Log.NotKept(logger, error);
            }

            await Task.Delay(pause, clock, stoppingToken);
        }
    }

    // A rule written past its checks may say anything.
    private Ready? Readable(RuleTimer timer)
    {
        try
        {
            return new(timer, TimerSchedule.Parse(timer.TriggerRef, timer.Parameters));
        }
        catch (RefusedException refused)
        {
            if (_unusable.Add((timer.Rule.Id, timer.Parameters.GetRawText())))
            {
                Log.Unusable(logger, timer.Rule.Ref, refused.Message);
            }

            return null;
        }
    }

    /// <returns>True when more ticks are due already.</returns>
    private async Task<bool> FireAsync(
        ITimerSource timerSource, List<Ready> timers, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = timers
            .Select(timer => (Timer: timer, Due: DueTicks.Of(timer.Schedule, timer.Position, now)))
            .Where(one => one.Due is not null)
            .ToList();

        // At once, so that they share a transaction.
        var done = await Task.WhenAll(due.Select(one => FireAsync(one.Timer, one.Due!, cancellationToken)));

        // The events' own transaction has moved on those that this host wrote; not those of another, nor those let go.
        TimerPosition[] positions = [.. done.OfType<TimerPosition>()];
        if (positions.Length > 0)
        {
            await timerSource.AdvanceAsync(positions, cancellationToken);
        }

        // What failed waits a little, or the next attempt would follow at once for as long as the database is away.
        return positions.Length == done.Length && due.Exists(one => one.Due!.HasMore);
    }

    /// <returns>How far the timer has come; null when its ticks have to be tried again.</returns>
    private async Task<TimerPosition?> FireAsync(Ready timer, DueTicks due, CancellationToken cancellationToken)
    {
        var rule = timer.Rule;
        try
        {
            // One transaction: were a later tick written alone, those before it would count as done with.
            var written = await ledger.AppendAsync(
                [.. due.Fired.Select((tick, i) => Event(timer, tick, i == 0 ? due.LetGo : 0))], cancellationToken);
            if (due.LetGo > 0 && written is not [{ IsDuplicate: true }, ..])
            {
                Log.LetGo(logger, rule.Ref, due.LetGo, due.Until);
            }
        }
        catch (RefusedException refused)
        {
            Log.Refused(logger, rule.Ref, due.Fired.Count, refused.Message);
        }
        catch (Exception error) when (!cancellationToken.IsCancellationRequested)
        {
            Log.NotFired(logger, error, rule.Ref, due.Fired.Count);
            return null;
        }

        return new(rule.Id, due.Until);
    }

    private static NewEvent Event(Ready timer, DateTimeOffset tick, long letGo)
    {
        var payload = new Dictionary<string, object>(timer.Schedule.Words)
        {
            ["rule"] = timer.Rule.Ref,
        };
        foreach (var name in timer.Schedule.TickNames)
        {
            payload[name] = tick.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        }

        if (letGo > 0)
        {
            payload["missed"] = letGo;
        }

        return new()
        {
            TriggerRef = timer.TriggerRef,
            Payload = JsonSerializer.SerializeToElement(payload, Json.Options),
            SourceRef = SourceRef,
            Target = timer.Rule,
            Tick = tick,
            Key = string.Create(CultureInfo.InvariantCulture, $"{timer.Rule.Id}:{tick.ToUnixTimeSeconds()}"),
            KeySpace = "timer",
            // Hosts may have counted differently which ticks were let go before it.
            KeyConflict = KeyConflict.Same,
        };
    }

    private static TimeSpan UntilNext(List<Ready> timers, DateTimeOffset now)
    {
        var pause = LongestPause;
        foreach (var timer in timers)
        {
            // A delay may end a little early, and then its tick would not have come.
            var wait = timer.Schedule.Next(now) is { } next ? next - now + TimeSpan.FromMilliseconds(1) : pause;
            pause = wait < pause ? wait : pause;
        }

        return pause;
    }

    private sealed record Ready(RuleTimer Timer, TimerSchedule Schedule)
    {
        public RuleTarget Rule => Timer.Rule;

        public string TriggerRef => Timer.TriggerRef;

        public DateTimeOffset Position => Timer.Position;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The timers could not be read or kept; it is tried again")]
        public static partial void NotKept(ILogger logger, Exception error);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The timer of rule {Rule} cannot run: {Reason}")]
        public static partial void Unusable(ILogger logger, string rule, string reason);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "The timer of rule {Rule} let go {Ticks} ticks that nobody could fire in time, up to {Until}")]
        public static partial void LetGo(ILogger logger, string rule, long ticks, DateTimeOffset until);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The timer of rule {Rule} did not fire {Ticks} ticks: {Reason}")]
        public static partial void Refused(ILogger logger, string rule, int ticks, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The timer of rule {Rule} could not fire {Ticks} ticks; they are tried again")]
        public static partial void NotFired(ILogger logger, Exception error, string rule, int ticks);
    }
}
