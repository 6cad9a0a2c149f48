using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a sender said outside the body. No record, since those print what they hold.</summary>
internal sealed class WebhookRequest
{
    // Of what was refused; servers take some 32 kB of headers.
    private const int MostKept = 200;
    private const int LongestKept = 4_096;

    private readonly Dictionary<string, string> _headers;
    private readonly HashSet<string> _withheld;

    public WebhookRequest(
        string method,
        IEnumerable<KeyValuePair<string, string>> headers,
        IReadOnlyList<KeyValuePair<string, string>> query,
        string? address,
        DateTimeOffset receivedAt,
        IEnumerable<string>? withheld = null)
    {
        _headers = new(headers, StringComparer.OrdinalIgnoreCase);
        _withheld = new(withheld ?? [], StringComparer.OrdinalIgnoreCase);
        Method = method;
        Query = query;
        Address = address;
        ReceivedAt = receivedAt;
    }

    public string Method { get; }

    /// <summary>The headers by their names; where one came several times, its values with commas between them.</summary>
    public IReadOnlyDictionary<string, string> Headers => _headers;

    /// <summary>The parameters of the address, in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; }

    /// <summary>The address at the other end of the connection.</summary>
    public string? Address { get; }

    public DateTimeOffset ReceivedAt { get; }

    public string? ContentType => Header("Content-Type");

    /// <summary>The values of a header, or null.</summary>
    public string? Header(string name) => _headers.GetValueOrDefault(name);

    /// <summary>Whether a header came, also where nobody knows any more what it said.</summary>
    public bool Has(string name) => _headers.ContainsKey(name) || _withheld.Contains(name);

    public static WebhookRequest Of(HttpRequest request, string? address, DateTimeOffset receivedAt) => new(
        request.Method,
        request.Headers.Select(header => KeyValuePair.Create(header.Key, string.Join(", ", header.Value.ToArray()))),
        request.QueryString.HasValue
            ? [.. request.Query.SelectMany(parameter => parameter.Value.Select(value => KeyValuePair.Create(parameter.Key, value ?? "")))]
            : [],
        address,
        receivedAt);

    /// <summary>What may be kept of it until it is taken in later; of secrets, only which there were.</summary>
    /// <param name="secrets">Texts that nothing kept may contain.</param>
    public JsonElement ToJson(IReadOnlyCollection<string> secrets)
    {
        var kept = _headers
            .Where(header => !SecretNames.IsSecretHeader(header.Key) && !secrets.Any(header.Value.Contains))
            .Take(MostKept)
            .ToDictionary(header => Kept(header.Key), header => Kept(header.Value), StringComparer.OrdinalIgnoreCase);
        return JsonSerializer.SerializeToElement(new Said
        {
            Headers = kept,
            Query =
            [
                .. Query.Where(parameter => !SecretNames.IsSecretParameter(parameter.Key) && !secrets.Any(parameter.Value.Contains))
                    .Take(MostKept).Select(parameter => (string[])[Kept(parameter.Key), Kept(parameter.Value)]),
            ],
            Withheld = [.. _headers.Keys.Where(name => !kept.ContainsKey(Kept(name))).Take(MostKept).Select(Kept)],
        }, Json.Options);
    }

    /// <summary>The request that was kept with <see cref="ToJson"/>.</summary>
    public static WebhookRequest Of(JsonElement kept, string method, string? address, DateTimeOffset receivedAt)
    {
        var said = kept.Deserialize<Said>(Json.Options)!;
        return new(method, said.Headers, [.. said.Query.Select(pair => KeyValuePair.Create(pair[0], pair[1]))], address, receivedAt, said.Withheld);
    }

    private static string Kept(string text) => RepairedJson.Of(text.Length > LongestKept ? text[..LongestKept] : text);

    private sealed class Said
    {
        public required Dictionary<string, string> Headers { get; init; }
        public required IReadOnlyList<string[]> Query { get; init; }
        public required IReadOnlyList<string> Withheld { get; init; }
    }
}
