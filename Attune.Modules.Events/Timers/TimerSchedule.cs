using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db;
using Attune.Db.Values;

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
    private const string Place = "trigger_params";

    private static readonly DateTimeOffset LatestMoment = DateTimeOffset.MaxValue.AddDays(-1);

    private readonly Func<DateTimeOffset, DateTimeOffset?> _next;

    private TimerSchedule(MissedTicks missed, Dictionary<string, object> words, Func<DateTimeOffset, DateTimeOffset?> next)
    {
        Missed = missed;
        Words = words;
        _next = next;
    }

    public MissedTicks Missed { get; }

    /// <summary>What an event's payload says of it.</summary>
    public IReadOnlyDictionary<string, object> Words { get; }

    /// <exception cref="RefusedException">No timer can be made of it; the field names the place.</exception>
    public static TimerSchedule Parse(string triggerRef, JsonElement parameters)
    {
        if (parameters.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(Place, $"{Place} must be an object.");
        }

        var missed = Text(parameters, "missed_ticks") switch
        {
            null or "latest" => MissedTicks.Latest,
            "all" => MissedTicks.All,
            "none" => MissedTicks.None,
            _ => throw Wrong("missed_ticks", "must be latest, all or none"),
        };
        return triggerRef switch
        {
            TimerTriggers.Interval => Interval(parameters, missed),
            TimerTriggers.Cron => Cron(parameters, missed),
            TimerTriggers.DateTime => Once(parameters, missed),
            _ => throw new ArgumentException($"{triggerRef} has no timer.", nameof(triggerRef)),
        };
    }

    /// <summary>Passes when every parameter is one that a timer knows: a misspelt time zone would be another zone.</summary>
    /// <exception cref="RefusedException">One is not.</exception>
    public static void CheckNames(string triggerRef, JsonElement parameters)
    {
        string[] known = triggerRef switch
        {
            TimerTriggers.Interval => ["seconds", "missed_ticks"],
            TimerTriggers.Cron => ["expression", "timezone", "missed_ticks"],
            _ => ["fire_at", "missed_ticks"],
        };
        foreach (var parameter in parameters.EnumerateObject().Where(parameter => !known.Contains(parameter.Name)))
        {
            throw Wrong(parameter.Name, $"is not a parameter of {triggerRef}, which has {string.Join(", ", known)}");
        }
    }

    /// <summary>The first tick after an instant; null when there is none any more.</summary>
    public DateTimeOffset? Next(DateTimeOffset after) => _next(after);

    // Counted from the Unix epoch, so that every host counts the same ticks.
    private static TimerSchedule Interval(JsonElement parameters, MissedTicks missed)
    {
        var seconds = (parameters.TryGetProperty("seconds", out var given) ? JsonNumber.Whole(given, 1, LongestInterval) : null)
            ?? throw Wrong("seconds", $"must be a whole number from 1 to {LongestInterval}");
        return new(missed, new() { ["seconds"] = seconds },
            after => DateTimeOffset.FromUnixTimeSeconds(((after.ToUnixTimeSeconds() / seconds) + 1) * seconds));
    }

    private static TimerSchedule Cron(JsonElement parameters, MissedTicks missed)
    {
        var text = Text(parameters, "expression") ?? throw Wrong("expression", "must be given, such as 30 6 * * MON-FRI");
        var zoneName = Text(parameters, "timezone") ?? "UTC";
        if (!ZoneName.IsMatch(zoneName) || ZoneClocks.Of(zoneName) is not { } clocks)
        {
            throw Wrong("timezone", "must be the name of a time zone, such as Europe/Berlin or UTC");
        }

        if (text.Length > LongestExpression || CronTicks.Of(text, clocks) is not { } ticks)
        {
            throw Wrong("expression", "must have the five fields minute, hour, day, month and weekday, or six with seconds first");
        }

        return ticks.Next(DateTimeOffset.UnixEpoch) is null
            ? throw Wrong("expression", "names a moment that never comes")
            : new(missed, new() { ["expression"] = text, ["timezone"] = zoneName }, ticks.Next);
    }

    private static TimerSchedule Once(JsonElement parameters, MissedTicks missed)
    {
        var text = Text(parameters, "fire_at");
        if (text is null || !HasOffset.IsMatch(text)
            || !DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var at)
            || at >= LatestMoment)
        {
            throw Wrong("fire_at", "must be a moment with its offset from UTC, such as 2027-01-31T09:00:00+01:00");
        }

        // Ticks are whole seconds, and none comes too soon.
        var tick = DateTimeOffset.FromUnixTimeSeconds(at.AddTicks(TimeSpan.TicksPerSecond - 1).ToUnixTimeSeconds());
        return new(missed, new() { ["fire_at"] = text }, after => tick > after ? tick : null);
    }

    private static string? Text(JsonElement parameters, string name) =>
        !parameters.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(name, "must be text");

    private static RefusedException Wrong(string name, string message)
    {
        var place = $"{Place}.{StorableText.Excerpt(name)}";
        return RefusedException.Invalid(place, $"{place} {message}.");
    }

    // Not what means another zone on another machine.
    [GeneratedRegex(@"^(?!(localtime|posixrules)\z)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex ZoneName { get; }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex HasOffset { get; }
}
