using System.Text.RegularExpressions;
using Attune.Db.Http;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Attune.Host.Telemetry;

/// <summary>
/// Takes the secrets of routes with <see cref="ExternalSenders"/> out of addresses: whoever reads one in a log could post.
/// </summary>
internal sealed partial class SecretPaths
{
    private const string Segment = """[^/?#\s"']+""";

    private volatile Regex[] _addresses = [];

    /// <summary>Learns from the routes which segments of which addresses are secret; before the first request.</summary>
    public void Cover(IEnumerable<Endpoint> endpoints) => _addresses =
    [
        .. endpoints.OfType<RouteEndpoint>()
            .Select(route => (route.RoutePattern, Senders: route.Metadata.GetMetadata<ExternalSenders>()))
            .Where(route => route.Senders is not null)
            .Select(route => Address(route.RoutePattern, route.Senders!.SecretParameter)),
    ];

    /// <summary>The path of a request, for a log.</summary>
    public string Of(HttpRequest request) => Masked(request.Path.Value ?? "");

    /// <summary>A text in which an address may stand.</summary>
    public string Masked(string text)
    {
        foreach (var address in _addresses)
        {
            text = address.Replace(text, "…");
        }

        return Key.Replace(text, "…");
    }

    private static Regex Address(RoutePattern route, string secret)
    {
        var before = route.PathSegments
            .TakeWhile(segment => segment.Parts is not [RoutePatternParameterPart part] || part.Name != secret)
            .Select(segment => segment.Parts is [RoutePatternLiteralPart literal] ? Regex.Escape(literal.Content) : Segment)
            .ToList();
        return before.Count < route.PathSegments.Count
            ? new($"(?<=/{string.Join('/', before)}/){Segment}",
                RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Compiled)
            : throw new InvalidOperationException($"The route {route.RawText} has no segment {{{secret}}}, which it says is its secret.");
    }

    // A key wherever else it stands, such as in a mistyped address.
    [GeneratedRegex("wh_[0-9a-f]{32}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Key { get; }
}
