using System.Text.Json;
using Attune.Modules.Events;
using Attune.Web.Json;

namespace Attune.Web.Pages.Events;

/// <summary>A command for a terminal that sends the same event again.</summary>
internal static class EventCurl
{
    /// <param name="baseAddress">The address of this site as the reader's browser knows it.</param>
    /// <param name="shown">The event.</param>
    public static string Of(string baseAddress, Event shown)
    {
        var body = new Dictionary<string, object?> { ["trigger_ref"] = shown.TriggerRef };
        if (shown.Payload is { } payload)
        {
            body["payload"] = payload;
        }

        return $"curl -X POST '{baseAddress.TrimEnd('/')}/api/v1/events' -H 'Content-Type: application/json' --data-binary "
            + Quoted(JsonTexts.OfCompact(JsonSerializer.SerializeToElement(body, Db.Json.Options)));
    }

    // Between apostrophes a shell takes everything as it is, but an apostrophe.
    private static string Quoted(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
