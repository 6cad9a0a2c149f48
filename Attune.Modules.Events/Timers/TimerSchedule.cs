using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db;

namespace Attune.Modules.Events.Timers;

/// <summary>What becomes of ticks that nobody could fire when they were due.</summary>
internal enum MissedTicks
{
    /// <summary>The last of them is fired; unless another is due by now, which stands for them all.</summary>
    Latest,

    /// <summary>Each is fired, but no more than <see cref="DueTicks.MostMissed"/>.</summary>
    All,

    /// <summary>None is fired.</summary>
    None,
}

/// <summary>
/// When a timer ticks. A tick is an instant: what clocks on the wall do that day cannot make it come twice, or not at all.
/// </summary>
internal sealed partial class TimerSchedule
{
    /// <summary>The longest time between two ticks, in seconds: 366 days.</summary>
    private const int LongestInterval = 366 * 86_400;

    private const int LongestExpression = 200;

    // The names that the original's rules know a tick by.
    private static readonly string[] OwnTickNames = ["tick"];
    private static readonly string[] OriginalTickNames = ["tick", "fired_at"];

    private static readonly DateTimeOffset LatestMoment = DateTimeOffset.MaxValue.AddDays(-1);

    private readonly Func<DateTimeOffset, DateTimeOffset?> _next;

    private TimerSchedule(Dictionary<string, object> words, Func<DateTimeOffset, DateTimeOffset?> next)
    {
        Words = words;
        _next = next;
    }

    public MissedTicks Missed { get; private init; }

    /// <summary>What an event's payload says of it.</summary>
    public IReadOnlyDictionary<string, object> Words { get; private init; }

    /// <summary>The names by which an event's payload says its tick.</summary>
    public IReadOnlyList<string> TickNames { get; private init; } = OwnTickNames;

    /// <exception cref="RefusedException">No timer can be made of it; the field names the place.</exception>
    public static TimerSchedule Parse(string triggerRef, JsonElement given)
    {
        var parameters = new TimerParameters(given);
        var missed = parameters.Text("missed_ticks") switch
        {
            null or "latest" => MissedTicks.Latest,
            "all" => MissedTicks.All,
            "none" => MissedTicks.None,
            _ => throw TimerParameters.Wrong("missed_ticks", "must be latest, all or none"),
        };
        var schedule = triggerRef switch
        {
            TimerTriggers.Interval => Interval(parameters),
            TimerTriggers.OriginalInterval => OfOriginal(parameters, "interval", Units(parameters)),
            TimerTriggers.Cron => Cron(parameters),
            TimerTriggers.OriginalCron => OfOriginal(parameters, "cron", Cron(parameters)),
            TimerTriggers.DateTime => Once(parameters, null),
            TimerTriggers.OriginalDateTime => OfOriginal(parameters, "one_shot", Once(parameters, "UTC")),
            _ => throw new ArgumentException($"{triggerRef} has no timer.", nameof(triggerRef)),
        };
        return schedule.With(missed);
    }

    /// <summary>The first tick after an instant; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _next(after);

    private TimerSchedule With(MissedTicks missed) => new(new(Words), _next) { Missed = missed, TickNames = TickNames };

    // The original's own rules may name the kind of timer, and its templates read these fields of a tick.
    private static TimerSchedule OfOriginal(TimerParameters parameters, string type, TimerSchedule schedule)
    {
        // It has had several names for a moment.
        if (parameters.Text("type") is { } said && said != type && (type != "one_shot" || said is not ("date_time" or "datetime")))
        {
            throw TimerParameters.Wrong("type", $"must be {type}, or left out");
        }

        return new(new(schedule.Words) { ["type"] = type }, schedule._next)
        {
            TickNames = type == "cron" ? [.. OriginalTickNames, "scheduled_at"] : OriginalTickNames,
        };
    }

    // Counted from the Unix epoch, so that every host counts the same ticks.
    private static Func<DateTimeOffset, DateTimeOffset?> Every(long seconds) =>
        after => DateTimeOffset.FromUnixTimeSeconds(((after.ToUnixTimeSeconds() / seconds) + 1) * seconds);

    private static TimerSchedule Interval(TimerParameters parameters)
    {
        var seconds = parameters.Whole("seconds", 1, LongestInterval);
        return new(new() { ["seconds"] = seconds }, Every(seconds));
    }

    private static TimerSchedule Units(TimerParameters parameters)
    {
        var unit = parameters.Text("unit") ?? "seconds";
        var length = unit switch
        {
            "seconds" => 1,
            "minutes" => 60,
            "hours" => 3_600,
            "days" => 86_400,
            _ => throw TimerParameters.Wrong("unit", "must be seconds, minutes, hours or days"),
        };
        var interval = parameters.Whole("interval", 1, LongestInterval / length);
        return new(
            new() { ["unit"] = unit, ["interval"] = interval, ["interval_seconds"] = interval * length }, Every(interval * length));
    }

    private static TimerSchedule Cron(TimerParameters parameters)
    {
        var text = parameters.Text("expression") ?? throw TimerParameters.Wrong("expression", "must be given, such as 30 6 * * MON-FRI");
        var (clocks, zone) = parameters.Zone("timezone") ?? (ZoneClocks.Utc, "UTC");
        if (text.Length > LongestExpression)
        {
            throw TimerParameters.Wrong("expression", $"must have at most {LongestExpression} characters");
        }

        try
        {
            return new(new() { ["expression"] = text, ["timezone"] = zone }, new CronTicks(CronText.Parse(text), clocks).Next);
        }
        catch (FormatException error)
        {
            throw TimerParameters.Wrong("expression", error.Message);
        }
    }

    /// <param name="parameters">A moment with its offset, or by the clocks of a zone.</param>
    /// <param name="otherwise">The zone, if none is named; null when it has to be.</param>
    private static TimerSchedule Once(TimerParameters parameters, string? otherwise)
    {
        var zone = parameters.Zone("timezone");
        var text = parameters.Text("fire_at");
        if (text is null || Moment.Match(text) is not { Success: true } match
            || !DateTimeOffset.TryParse(
                text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            || at >= LatestMoment || at.Year < 1900)
        {
            throw TimerParameters.Wrong("fire_at", "must be a moment with its offset from UTC, such as 2027-01-31T09:00:00+01:00");
        }

        if (!match.Groups["offset"].Success)
        {
            var clocks = zone?.Clocks ?? (otherwise is null ? null : ZoneClocks.Of(otherwise)) ?? throw TimerParameters.Wrong(
                "fire_at", $"must have an offset from UTC, such as {text}Z or {text}+01:00, or a timezone beside it");
            at = clocks.When(at.UtcDateTime);
        }

        // Ticks are whole seconds, and none comes too soon.
        var tick = DateTimeOffset.FromUnixTimeSeconds(at.AddTicks(TimeSpan.TicksPerSecond - 1).ToUnixTimeSeconds());
        var words = new Dictionary<string, object> { ["fire_at"] = text };
        if ((zone?.Name ?? otherwise) is { } name)
        {
            words["timezone"] = name;
        }

        return new(words, after => tick > after ? tick : null);
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(?<offset>Z|[+-]\d\d:\d\d)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Moment { get; }
}
