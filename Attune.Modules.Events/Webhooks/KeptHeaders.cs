using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Chooses which headers of a request its event keeps, by their names in lower case.</summary>
internal static class KeptHeaders
{
    private const int Most = 64;
    private const int MostBytes = 8 * 1024;
    private const int LongestName = 100;
    private const int LongestValue = 1_024;

    // Of one connection, or of whoever stands between, and not of the sender.
    private static readonly HashSet<string> OfTheWay = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Expect", "HTTP2-Settings",
        "Forwarded", "Via", "X-Real-IP", "X-Client-IP", "X-Cluster-Client-IP", "X-Original-Forwarded-For", "X-ProxyUser-Ip",
        "True-Client-IP", "Fastly-Client-IP", "CDN-Loop", "X-Amzn-Trace-Id", "X-Cloud-Trace-Context", "X-Original-URI", "X-Original-URL",
        "X-Scheme", "X-Request-Start", "X-Varnish", "X-Via",
    };

    private static readonly string[] PrefixesOfTheWay =
        ["Proxy-", "X-Forwarded-", "CF-", "X-Envoy-", "X-Azure-", "X-ARR-", "Fly-", "Fastly-", "X-Vercel-", "X-Appengine-", "X-Nf-"];

    /// <param name="headers">What was sent.</param>
    /// <param name="wanted">Those that were chosen instead; null for all that are the sender's own.</param>
    /// <param name="secrets">Texts that no header which is kept may contain.</param>
    public static Dictionary<string, string>? Of(
        IEnumerable<KeyValuePair<string, string>> headers, IReadOnlyList<string>? wanted, IReadOnlyCollection<string> secrets)
    {
        var given = headers.ToList();
        var ofConnection = given.Where(header => header.Key.Equals("Connection", StringComparison.OrdinalIgnoreCase))
            .SelectMany(header => header.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        var bytes = 0;
        foreach (var (name, value) in given)
        {
            var isWanted = wanted?.Contains(name, StringComparer.OrdinalIgnoreCase)
                ?? !(ofConnection.Contains(name) || IsOfTheWay(name));
            if (!isWanted || SecretNames.IsSecretHeader(name) || secrets.Any(value.Contains)
                || SaidText.Clean(name) is not { } clean || SaidText.Clean(value) is not { } said)
            {
                continue;
            }

            var key = SaidText.Shortened(clean.ToLowerInvariant(), LongestName);
            said = SaidText.Shortened(said, LongestValue);
            bytes += key.Length + said.Length;
            if (kept.Count == Most || bytes > MostBytes)
            {
                break;
            }

            kept[key] = said;
        }

        return kept.Count == 0 ? null : kept;
    }

    private static bool IsOfTheWay(string name) =>
        OfTheWay.Contains(name) || PrefixesOfTheWay.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
