using System.Text.RegularExpressions;

namespace Attune.Host.Telemetry;

/// <summary>Takes the keys of webhooks out of addresses: whoever reads one in a log could post.</summary>
internal static partial class SecretPaths
{
    /// <summary>The path of a request, for a log.</summary>
    public static string Of(HttpRequest request) => Masked(request.Path.Value ?? "");

    /// <summary>A text in which an address may stand.</summary>
    public static string Masked(string text) => Key.Replace(text, "…");

    // The address of a webhook, not that of switching one on; and a key wherever else it stands, such as in a mistyped address.
    [GeneratedRegex("""(?<=/api/v1/webhooks/)[^/?#\s"']+|wh_[0-9a-f]{32}""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Key { get; }
}
