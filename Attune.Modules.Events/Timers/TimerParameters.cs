using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Timers;

/// <summary>The parameters of a timer, read by name; what is wrong is refused at its place.</summary>
internal sealed class TimerParameters
{
    private const string Place = "trigger_params";

    private readonly JsonElement _parameters;

    /// <exception cref="RefusedException">They are no object.</exception>
    public TimerParameters(JsonElement parameters) => _parameters = parameters.ValueKind == JsonValueKind.Object
        ? parameters
        : throw RefusedException.Invalid(Place, $"{Place} must be an object.");

    /// <returns>Null when it is left out, or null.</returns>
    /// <exception cref="RefusedException">It is no text.</exception>
    public string? Text(string name) =>
        !_parameters.TryGetProperty(name, out var value) || value.ValueKind == JsonValueKind.Null ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong(name, "must be text");

    /// <exception cref="RefusedException">It is no whole number within the limits, or left out.</exception>
    public long Whole(string name, int least, int most) =>
        (_parameters.TryGetProperty(name, out var given) ? JsonNumber.Whole(given, least, most) : null)
        ?? throw Wrong(name, $"must be a whole number from {least} to {most}");

    /// <returns>The clocks of a zone, and the name that was given; null when none was.</returns>
    /// <exception cref="RefusedException">There is no such zone.</exception>
    public (ZoneClocks Clocks, string Name)? Zone(string name)
    {
        if (Text(name) is not { } zone)
        {
            return null;
        }

        if (ZoneClocks.Of(zone) is { } clocks)
        {
            return (clocks, zone);
        }

        var near = ZoneNames.Near(zone);
        throw Wrong(name, near.Count == 0
            ? "must be the name of a time zone, such as Europe/Berlin or UTC; Etc/GMT-1 is always one hour ahead of UTC"
            : $"must be the name of a time zone, such as {string.Join(" or ", near)}");
    }

    /// <summary>Passes when every parameter is one that a timer knows: a misspelt time zone would be another zone.</summary>
    /// <exception cref="RefusedException">One is not.</exception>
    public void CheckNames(string triggerRef)
    {
        string[] known = triggerRef switch
        {
            TimerTriggers.Interval => ["seconds", "missed_ticks"],
            TimerTriggers.OriginalInterval => ["unit", "interval", "missed_ticks", "type"],
            TimerTriggers.Cron => ["expression", "timezone", "missed_ticks"],
            TimerTriggers.OriginalCron => ["expression", "timezone", "missed_ticks", "type"],
            TimerTriggers.DateTime => ["fire_at", "timezone", "missed_ticks"],
            _ => ["fire_at", "timezone", "missed_ticks", "type"],
        };
        foreach (var parameter in _parameters.EnumerateObject().Where(parameter => !known.Contains(parameter.Name)))
        {
            throw Wrong(parameter.Name, $"is not a parameter of {triggerRef}, which has {string.Join(", ", known)}");
        }
    }

    public static RefusedException Wrong(string name, string message)
    {
        var place = $"{Place}.{StorableText.Excerpt(name)}";
        return RefusedException.Invalid(place, $"{place} {message}.");
    }
}
