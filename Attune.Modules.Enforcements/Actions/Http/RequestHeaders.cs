using System.Text;
using System.Text.Json;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>The headers that a request is asked to send.</summary>
internal static class RequestHeaders
{
    private const int Longest = 16 * 1024;

    // What the connection itself needs to say.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Content-Length", "Expect", "Host", "Keep-Alive", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer",
        "Transfer-Encoding", "Upgrade",
    };

    // Sent along when a redirect leads to another server: nothing that could be a secret.
    private static readonly HashSet<string> Harmless = new(StringComparer.OrdinalIgnoreCase)
    {
        "Accept", "Accept-Charset", "Accept-Encoding", "Accept-Language", "Cache-Control", "Content-Encoding", "Content-Language",
        "Content-Type", "User-Agent",
    };

    /// <summary>Whether a header may go to another server than the one it was meant for.</summary>
    public static bool IsHarmless(string name) => Harmless.Contains(name);

    /// <summary>Whether a header speaks of the body, and goes where the body does not go along.</summary>
    public static bool IsOfBody(string name) => name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads <c>headers</c>, and what the <c>auth_</c> parameters make of them.</summary>
    /// <exception cref="ActionFailedException">
    /// One of them cannot be sent. What a header says may be a secret, and is in no message.
    /// </exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(IReadOnlyDictionary<string, JsonElement> given)
    {
        var headers = given.TryGetValue("headers", out var named) ? Read(named) : [];
        if (Authorization(given) is { } authorization)
        {
            if (headers.Exists(header => header.Key.Equals("Authorization", StringComparison.OrdinalIgnoreCase)))
            {
                throw HttpRequestParameters.Wrong("auth_type makes the header Authorization, which headers has as well.");
            }

            headers.Add(new("Authorization", authorization));
        }

        return headers;
    }

    /// <summary>Whether a text can be the value of a header: printable Latin characters.</summary>
    public static bool IsValue(string value) => value.Length <= Longest && !value.Any(
        character => character is (< ' ' and not '\t') or (>= '\x7f' and < '\xa0') or > '\xff');

    private static List<KeyValuePair<string, string>> Read(JsonElement headers)
    {
        if (headers.ValueKind != JsonValueKind.Object)
        {
            throw HttpRequestParameters.Wrong("headers must be an object of names and texts.");
        }

        var read = new List<KeyValuePair<string, string>>();
        foreach (var header in headers.EnumerateObject().Where(header => header.Value.ValueKind != JsonValueKind.Null))
        {
            if (Reserved.Contains(header.Name))
            {
                throw HttpRequestParameters.Wrong($"headers.{header.Name} cannot be given.");
            }

            var value = FormFields.Single(header.Value) ?? throw HttpRequestParameters.Wrong($"headers.{header.Name} must be a text.");
            if (header.Name.Length == 0 || !header.Name.All(IsTokenCharacter) || !IsValue(value))
            {
                throw HttpRequestParameters.Wrong(
                    $"headers has an entry ('{StorableText.Excerpt(header.Name)}') that cannot be sent: "
                    + "names are of letters, digits and -, values of printable Latin characters.");
            }

            read.Add(new(header.Name, value));
        }

        return read;
    }

    private static string? Authorization(IReadOnlyDictionary<string, JsonElement> given)
    {
        switch (HttpRequestParameters.Text(given, "auth_type") ?? "none")
        {
            case "none":
                return null;
            case "basic":
                var user = HttpRequestParameters.Text(given, "auth_username") ?? "";
                return user.Length > 0 && !user.Contains(':', StringComparison.Ordinal)
                    ? "Basic " + Convert.ToBase64String(
                        Encoding.UTF8.GetBytes($"{user}:{HttpRequestParameters.Text(given, "auth_password")}"))
                    : throw HttpRequestParameters.Wrong("auth_type basic needs an auth_username, without a colon.");
            case "bearer":
                var token = HttpRequestParameters.Text(given, "auth_token") ?? "";
                return token.Length > 0 && IsValue(token)
                    ? "Bearer " + token
                    : throw HttpRequestParameters.Wrong("auth_type bearer needs an auth_token of printable Latin characters.");
            default:
                throw HttpRequestParameters.Wrong("auth_type must be one of: none, basic, bearer.");
        }
    }

    // RFC 9110: token.
    private static bool IsTokenCharacter(char character) =>
        char.IsAsciiLetterOrDigit(character) || "!#$%&'*+-.^_`|~".Contains(character, StringComparison.Ordinal);
}
