using System.Text;
using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>What <c>core.http_request</c> is asked to do. Their types are checked by the action's schema before.</summary>
internal sealed class HttpRequestParameters
{
    private const int LongestHeader = 16 * 1024;

    private static readonly string[] Names =
    [
        "url", "method", "headers", "body", "timeout_seconds", "retries", "retry_delay_seconds", "max_response_bytes", "max_redirects",
        "verify_tls", "fail_on_status",
    ];

    // What the connection itself needs to say.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
    };

    public required Uri Url { get; init; }
    public required HttpMethod Method { get; init; }
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }
    public byte[]? Body { get; init; }
    public required string BodyType { get; init; }
    public required TimeSpan Timeout { get; init; }
    public required int Retries { get; init; }
    public required TimeSpan RetryDelay { get; init; }
    public required int MaxResponseBytes { get; init; }
    public required int MaxRedirects { get; init; }
    public required bool VerifyTls { get; init; }
    public required bool FailOnStatus { get; init; }

    /// <exception cref="ActionFailedException">They cannot be carried out, and never will be.</exception>
    public static HttpRequestParameters Read(JsonElement? parameters, HttpActionOptions options)
    {
        var given = parameters is { ValueKind: JsonValueKind.Object } members
            ? members.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null)
                .GroupBy(member => member.Name).ToDictionary(group => group.Key, group => group.Last().Value)
            : [];
        if (given.Keys.FirstOrDefault(name => !Names.Contains(name)) is { } stranger)
        {
            throw Wrong($"There is no parameter '{stranger}'; there are {string.Join(", ", Names)}.");
        }

        var verify = !(given.TryGetValue("verify_tls", out var flag) && flag.ValueKind == JsonValueKind.False);
        if (!verify && !options.AllowUnverifiedTls)
        {
            throw Wrong($"verify_tls may not be false: {HttpActionOptions.Section}:{nameof(HttpActionOptions.AllowUnverifiedTls)} does not allow it.");
        }

        var body = given.TryGetValue("body", out var content) ? content : default(JsonElement?);
        return new()
        {
            Url = CheckUrl(given.TryGetValue("url", out var url) && url.ValueKind == JsonValueKind.String ? url.GetString()! : "", "url"),
            Method = new HttpMethod(
                given.TryGetValue("method", out var method) && method.ValueKind == JsonValueKind.String ? method.GetString()! : "GET"),
            Headers = given.TryGetValue("headers", out var headers) ? ReadHeaders(headers) : [],
            Body = body is not { } json ? null
                : json.ValueKind == JsonValueKind.String ? Encoding.UTF8.GetBytes(json.GetString()!) : RenderedJson.Bytes(json.WriteTo),
            BodyType = body is { ValueKind: JsonValueKind.String } ? "text/plain; charset=utf-8" : "application/json",
            Timeout = TimeSpan.FromSeconds(Number(given, "timeout_seconds", 30, 0.1, 300)),
            Retries = (int)Number(given, "retries", 0, 0, 10),
            RetryDelay = TimeSpan.FromSeconds(Number(given, "retry_delay_seconds", 1, 0, 60)),
            MaxResponseBytes = (int)Math.Min(Number(given, "max_response_bytes", 1024 * 1024, 0, int.MaxValue), options.MaxResponseBytes),
            MaxRedirects = (int)Number(given, "max_redirects", 5, 0, 20),
            VerifyTls = verify,
            FailOnStatus = !(given.TryGetValue("fail_on_status", out var fail) && fail.ValueKind == JsonValueKind.False),
        };
    }

    /// <exception cref="ActionFailedException">It is no address that a request can go to.</exception>
    public static Uri CheckUrl(string text, string what)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https") || url.Host.Length == 0)
        {
            throw Wrong($"{what} must be an http or https address.");
        }

        // It would be shown wherever the address is.
        return url.UserInfo.Length == 0 ? url : throw Wrong($"{what} must not hold a user name or password; use the header Authorization.");
    }

    private static List<KeyValuePair<string, string>> ReadHeaders(JsonElement headers)
    {
        if (headers.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("headers must be an object of names and texts.");
        }

        var read = new List<KeyValuePair<string, string>>();
        foreach (var header in headers.EnumerateObject().Where(header => header.Value.ValueKind != JsonValueKind.Null))
        {
            if (Reserved.Contains(header.Name))
            {
                throw Wrong($"headers.{header.Name} cannot be given.");
            }

            // What a header says may be a secret, and is in no message.
            var value = header.Value.ValueKind switch
            {
                JsonValueKind.String => header.Value.GetString()!,
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => header.Value.GetRawText(),
                _ => throw Wrong($"headers.{header.Name} must be a text."),
            };
            if (header.Name.Length == 0 || !header.Name.All(IsTokenCharacter) || value.Length > LongestHeader || value.Any(
                character => character is < ' ' and not '\t' or '\x7f' or > '\xff'))
            {
                throw Wrong($"headers has an entry ('{StorableText.Excerpt(header.Name)}') that cannot be sent: names are of letters, digits and -, values of printable Latin characters.");
            }

            read.Add(new(header.Name, value));
        }

        return read;
    }

    // RFC 9110: token.
    private static bool IsTokenCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);

    private static double Number(Dictionary<string, JsonElement> given, string name, double standard, double least, double most) =>
        !given.TryGetValue(name, out var value) ? standard
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? number
            : throw Wrong(FormattableString.Invariant($"{name} must be a number from {least} to {most}."));

    private static ActionFailedException Wrong(string message) => new(message, mayRetry: false);
}
