using System.Text.Json;
using Attune.Db.Values;
using Microsoft.Extensions.Primitives;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a handshake is told by: the request, and what is set of the webhook.</summary>
internal sealed class HandshakeRequest
{
    private const int MostBytes = 8 * 1024;

    private readonly JsonElement? _json;

    /// <param name="body">The body; only what may be a question is kept.</param>
    public HandshakeRequest(ReadOnlySpan<byte> body) => _json = MayAsk(body) ? Parse(body) : null;

    public required SignedRequest Request { get; init; }

    public required Func<string, StringValues> Query { get; init; }

    public HandshakeSettings? Settings { get; init; }

    public RateSettings? Rate { get; init; }

    /// <summary>The secret with which the request was proved, for those that want it proved in return.</summary>
    public string? Secret { get; set; }

    /// <summary>A header that was sent once; null otherwise.</summary>
    public string? Header(string name) => Request.Values(name) is { Count: 1 } values ? values[0] : null;

    /// <summary>A parameter of the address that was given once; null otherwise.</summary>
    public string? Parameter(string name) => Query(name) is { Count: 1 } values ? values[0] : null;

    /// <summary>A text within the body, which is an object, or an array of one; null when it is not there.</summary>
    public string? Text(params ReadOnlySpan<string> path)
    {
        var at = _json;
        if (at is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1)
        {
            at = list[0];
        }

        foreach (var name in path)
        {
            at = at is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var value) ? value : null;
        }

        return at is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
    }

    /// <summary>Whether the body is an object with this one field.</summary>
    public bool HasOnly(string name) => _json is { ValueKind: JsonValueKind.Object } json
        && json.EnumerateObject().Select(field => field.Name).SequenceEqual([name]);

    // Questions are short, and have one of these names; other deliveries are not parsed twice.
    private static bool MayAsk(ReadOnlySpan<byte> body) => body.Length <= MostBytes && (
        body.IndexOf("challenge"u8) >= 0 || body.IndexOf("plainToken"u8) >= 0
        || body.IndexOf("validationCode"u8) >= 0 || body.IndexOf("SubscribeURL"u8) >= 0);

    private static JsonElement? Parse(ReadOnlySpan<byte> text)
    {
        try
        {
            // As the payload would be: half of a surrogate pair is no text that could be asked for.
            return JsonElement.Parse(RepairedJson.Of(text) ?? text);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
