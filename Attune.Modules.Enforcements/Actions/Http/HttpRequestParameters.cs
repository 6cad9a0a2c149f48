using System.Text.Json;

namespace Attune.Modules.Enforcements.Actions.Http;

/// <summary>What <c>core.http_request</c> is asked to do. Their types are checked by the action's schema before.</summary>
internal sealed class HttpRequestParameters
{
    private static readonly string[] Names =
    [
        "url", "method", "headers", "query_params", "body", "json_body", "form", "multipart", "auth_type", "auth_username",
        "auth_password", "auth_token", "timeout_seconds", "retries", "retry_delay_seconds", "max_response_bytes", "follow_redirects",
        "max_redirects", "verify_tls", "fail_on_status",
    ];

    // As the original Attune has them.
    private static readonly Dictionary<string, string> Aliases = new() { ["timeout"] = "timeout_seconds", ["verify_ssl"] = "verify_tls" };

    public required Uri Url { get; init; }
    public required HttpMethod Method { get; init; }
    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }
    public RequestBody? Body { get; init; }
    public required TimeSpan Timeout { get; init; }
    public required int Retries { get; init; }
    public required TimeSpan RetryDelay { get; init; }
    public required int MaxResponseBytes { get; init; }

    /// <summary>0 to follow none.</summary>
    public required int MaxRedirects { get; init; }

    public required bool VerifyTls { get; init; }
    public required bool FailOnStatus { get; init; }

    /// <exception cref="ActionFailedException">They cannot be carried out, and never will be.</exception>
    public static HttpRequestParameters Read(JsonElement? parameters, HttpActionOptions options)
    {
        var given = Given(parameters);
        var verify = Flag(given, "verify_tls", true);
        if (!verify && !options.AllowUnverifiedTls)
        {
            throw Wrong(
                $"verify_tls may not be false: {HttpActionOptions.Section}:{nameof(HttpActionOptions.AllowUnverifiedTls)} does not allow it.");
        }

        var headers = RequestHeaders.Read(given);
        return new()
        {
            Url = RequestAddress.WithQuery(
                RequestAddress.Check(Text(given, "url") ?? "", "url"), given.TryGetValue("query_params", out var query) ? query : null),
            Method = new HttpMethod(Text(given, "method") ?? "GET"),
            Headers = headers,
            Body = RequestBody.Read(given, headers),
            Timeout = TimeSpan.FromSeconds(Number(given, "timeout_seconds", 30, 0.1, 300)),
            Retries = (int)Number(given, "retries", 0, 0, 10),
            RetryDelay = TimeSpan.FromSeconds(Number(given, "retry_delay_seconds", 1, 0, 60)),
            MaxResponseBytes = (int)Math.Min(Number(given, "max_response_bytes", 1024 * 1024, 0, int.MaxValue), options.MaxResponseBytes),
            MaxRedirects = Flag(given, "follow_redirects", true) ? (int)Number(given, "max_redirects", 5, 0, 20) : 0,
            VerifyTls = verify,
            FailOnStatus = Flag(given, "fail_on_status", true),
        };
    }

    /// <summary>A text among the parameters; null where there is none.</summary>
    public static string? Text(IReadOnlyDictionary<string, JsonElement> given, string name) =>
        given.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>What is thrown for parameters that cannot be carried out: trying again would not help.</summary>
    public static ActionFailedException Wrong(string message) => new(message, mayRetry: false);

    private static Dictionary<string, JsonElement> Given(JsonElement? parameters)
    {
        var given = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        if (parameters is not { ValueKind: JsonValueKind.Object } members)
        {
            return given;
        }

        foreach (var member in members.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null))
        {
            var name = Aliases.GetValueOrDefault(member.Name, member.Name);
            if (!Names.Contains(name))
            {
                throw Wrong($"There is no parameter '{member.Name}'; there are {string.Join(", ", Names)}.");
            }

            if (name != member.Name && members.TryGetProperty(name, out var other) && other.ValueKind != JsonValueKind.Null)
            {
                throw Wrong($"{member.Name} is another name of {name}; only one of them can be given.");
            }

            given[name] = member.Value;
        }

        return given;
    }

    private static bool Flag(Dictionary<string, JsonElement> given, string name, bool standard) => !given.TryGetValue(name, out var value)
        ? standard
        : value.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw Wrong($"{name} must be true or false."),
        };

    private static double Number(Dictionary<string, JsonElement> given, string name, double standard, double least, double most) =>
        !given.TryGetValue(name, out var value) ? standard
            : value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number >= least && number <= most ? number
            : throw Wrong(FormattableString.Invariant($"{name} must be a number from {least} to {most}."));
}
