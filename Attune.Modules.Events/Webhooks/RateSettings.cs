using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The section <c>rate_limit</c>: so many requests in so many seconds.</summary>
internal sealed record RateSettings(bool Enabled, int? Requests, int? WindowSeconds)
{
    private const int MostRequests = 1_000_000;
    private const int LongestWindow = 86_400;

    /// <exception cref="RefusedException">It cannot be read, or sets no limit.</exception>
    public static RateSettings Parse(JsonElement json, string place)
    {
        var section = new ConfigSection(json, place, "enabled", "requests", "window_seconds");
        var rate = new RateSettings(
            section.Flag("enabled"), section.Number("requests", 1, MostRequests), section.Number("window_seconds", 1, LongestWindow));
        return rate switch
        {
            { Enabled: true, Requests: null } => throw section.Wrong("requests", "must be given while the limit is enabled"),
            { Enabled: true, WindowSeconds: null } => throw section.Wrong("window_seconds", "must be given while the limit is enabled"),
            _ => rate,
        };
    }
}
