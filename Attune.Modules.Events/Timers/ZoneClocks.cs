using NodaTime;
using NodaTime.TimeZones;

namespace Attune.Modules.Events.Timers;

/// <summary>What the clocks of a time zone show, and when they are put forward or back.</summary>
internal sealed class ZoneClocks
{
    private static readonly ZoneLocalMappingResolver FirstOrAfter =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    private readonly DateTimeZone _zone;

    public static ZoneClocks Utc { get; } = new(DateTimeZone.Utc);

    private ZoneClocks(DateTimeZone zone) => _zone = zone;

    /// <returns>Null when there is no zone of that name.</returns>
    public static ZoneClocks? Of(string name)
    {
        // The data that come with the library: every host then counts the same ticks, however old the data of its machine are. The
        // machine is asked only for names that they do not have, such as posix/Europe/Berlin.
        var zone = ZoneNames.Find(name) is { } known ? DateTimeZoneProviders.Tzdb[known]
            : ZoneNames.MayBeAsked(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var asked)
                ? BclDateTimeZone.FromTimeZoneInfo(asked)
                : null;
        return zone is null ? null : new(zone);
    }

    /// <summary>How far the clocks are ahead of UTC.</summary>
    public TimeSpan Offset(DateTime utc) => _zone.GetUtcOffset(Instant.FromDateTimeUtc(utc)).ToTimeSpan();

    /// <summary>
    /// When the clocks show a time: for the first time, where they show it twice; as soon as they have moved, where they leave it out.
    /// </summary>
    public DateTimeOffset When(DateTime wall) =>
        _zone.ResolveLocal(LocalDateTime.FromDateTime(wall), FirstOrAfter).ToDateTimeOffset();

    /// <summary>The first change of the clocks after an instant and no later than another; null when there is none.</summary>
    public DateTime? Change(DateTime after, DateTime until)
    {
        var last = Instant.FromDateTimeUtc(until);
        var interval = _zone.GetZoneInterval(Instant.FromDateTimeUtc(after));
        while (interval.HasEnd && interval.End <= last)
        {
            var next = _zone.GetZoneInterval(interval.End);

            // Only the name of what they show may change.
            if (next.WallOffset != interval.WallOffset)
            {
                return interval.End.ToDateTimeUtc();
            }

            interval = next;
        }

        return null;
    }
}
