using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Timers;

/// <summary>Says when a timer ticks before it does.</summary>
internal static class TimerForecast
{
    /// <summary>How many ticks are shown to whoever saves or tries a timer.</summary>
    public const int Shown = 10;

    /// <summary>The next ticks of a timer, soonest first.</summary>
    /// <exception cref="RefusedException">
    /// The trigger has no timer, none can be made of the parameters, or it would not tick any more; the field names the place.
    /// </exception>
    public static IReadOnlyList<DateTimeOffset> Of(string triggerRef, JsonElement parameters, DateTimeOffset after, int most)
    {
        if (!TimerTriggers.All.Contains(triggerRef))
        {
            throw RefusedException.Invalid(
                "trigger_ref", $"trigger_ref must name a trigger that timers fire: {string.Join(", ", TimerTriggers.All)}.");
        }

        var schedule = TimerSchedule.Parse(triggerRef, parameters);
        new TimerParameters(parameters).CheckNames(triggerRef);
        var ticks = new List<DateTimeOffset>();
        while (ticks.Count < most && schedule.Next(ticks.Count == 0 ? after : ticks[^1]) is { } tick)
        {
            ticks.Add(tick);
        }

        return ticks.Count > 0 ? ticks : throw TimerParameters.Wrong(
            triggerRef is TimerTriggers.DateTime or TimerTriggers.OriginalDateTime ? "fire_at" : "expression",
            $"must be yet to come: it is {after.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} now, and it would never tick");
    }
}
