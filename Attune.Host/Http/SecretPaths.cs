using System.Text.RegularExpressions;

namespace Attune.Host.Http;

/// <summary>Takes the keys of webhooks out of addresses: whoever reads one in a log could post.</summary>
internal static partial class SecretPaths
{
    /// <summary>The path of a request, for a log.</summary>
    public static string Of(HttpRequest request) => Masked(request.Path.Value ?? "");

    /// <summary>A text in which an address may stand.</summary>
    public static string Masked(string text) => Key.Replace(text, "…");

    // The address of a webhook, not that of switching one on.
    [GeneratedRegex("""(?<=/api/v1/webhooks/)[^/?#\s"']+""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Key { get; }
}
