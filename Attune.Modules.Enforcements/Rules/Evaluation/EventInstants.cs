using System.Globalization;

namespace Attune.Modules.Enforcements.Rules.Evaluation;

/// <summary>An event's instant as conditions and templates see it.</summary>
internal static class EventInstants
{
    /// <summary>RFC 3339 with microseconds, in UTC.</summary>
    public static string Text(DateTimeOffset created) =>
        created.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture);
}
