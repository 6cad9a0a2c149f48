using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a CloudEvent says of itself, without its data.</summary>
/// <param name="Id">With the source, what no other event has.</param>
/// <param name="Source">Where it happened.</param>
/// <param name="Type">What happened.</param>
/// <param name="Attributes">All that it says, extensions included, and how its data is kept where that is no JSON and no text.</param>
/// <param name="Identity">What tells it from another event under the same id.</param>
internal sealed record CloudEvent(string Id, string Source, string Type, JsonElement Attributes, JsonElement Identity);

/// <summary>Reads CloudEvents 1.0 as HTTP brings them: in headers, as JSON, and as a list of JSON.</summary>
internal static partial class CloudEvents
{
    public const string Structured = "application/cloudevents+json";
    public const string Batched = "application/cloudevents-batch+json";

    private const string HeaderPrefix = "ce-";
    private const string VersionHeader = "ce-specversion";
    private const int MostOfBatch = 10_000;

    private static readonly string[] Required = ["specversion", "id", "source", "type"];

    // Each hop of a trace writes its own: a delivery that is made again may have others.
    private static readonly string[] OfTheWay = ["traceparent", "tracestate"];

    /// <summary>Whether the headers are those of a CloudEvent whose data is the body.</summary>
    public static bool IsBinary(WebhookRequest request) => request.Header(VersionHeader) is not null;

    /// <summary>The CloudEvent of the headers.</summary>
    /// <param name="request">The request.</param>
    /// <param name="isBase64">True where the data is bytes, which are kept as Base64.</param>
    /// <exception cref="RefusedException">It lacks something, or has what cannot be read.</exception>
    public static CloudEvent OfHeaders(WebhookRequest request, bool isBase64)
    {
        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var (name, value) in request.Headers)
        {
            if (name.StartsWith(HeaderPrefix, StringComparison.OrdinalIgnoreCase) && !SecretNames.IsSecretParameter(name)
                && SaidText.Clean(CloudEventText.Decoded(value)) is { } text)
            {
                attributes[name[HeaderPrefix.Length..].ToLowerInvariant()] = JsonSerializer.SerializeToElement(text);
            }
        }

        if (SaidText.Clean(request.ContentType) is { } type)
        {
            attributes["datacontenttype"] = JsonSerializer.SerializeToElement(type);
        }

        return Of(attributes, isBase64, place: HeaderPrefix);
    }

    /// <summary>The CloudEvents of a list.</summary>
    /// <exception cref="RefusedException">It is no list, or one of them cannot be read; the field names the place.</exception>
    public static IReadOnlyList<WebhookItem> OfBatch(JsonElement json, int maxBytes)
    {
        if (json.ValueKind != JsonValueKind.Array)
        {
            throw Malformed(null, "The body must be an array of CloudEvents.");
        }

        if (json.GetArrayLength() > MostOfBatch)
        {
            throw new RefusedException(RefusalKind.TooLarge, null, $"The body has more than {MostOfBatch} CloudEvents.");
        }

        return [.. json.EnumerateArray().Select((one, i) => OfJson(one, $"[{i}].", maxBytes))];
    }

    /// <summary>The CloudEvent that a JSON object is.</summary>
    /// <param name="json">The object.</param>
    /// <param name="place">Where it stands, with the point behind it; empty for the body.</param>
    /// <param name="maxBytes">The most bytes of the numbers in its data when they are written out.</param>
    /// <exception cref="RefusedException">It lacks something, or has what cannot be read; the field names the place.</exception>
    public static WebhookItem OfJson(JsonElement json, string place, int maxBytes)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            var which = place.TrimEnd('.');
            throw Malformed(
                place.Length == 0 ? null : which, $"{(place.Length == 0 ? "The body" : which)} must be a CloudEvent, an object.");
        }

        var attributes = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        JsonElement? data = null, bytes = null;
        foreach (var member in json.EnumerateObject())
        {
            switch (member.Name)
            {
                case "data":
                    data = member.Value;
                    break;
                case "data_base64":
                    bytes = member.Value.ValueKind == JsonValueKind.Null ? null : member.Value;
                    break;
                default:
                    attributes[member.Name] = member.Value;
                    break;
            }
        }

        if (data is { ValueKind: not JsonValueKind.Null } && bytes is not null)
        {
            throw Malformed($"{place}data_base64", $"{place}data_base64 must not come together with data.");
        }

        if (bytes is not { } encoded)
        {
            return new WebhookItem(data, Of(attributes, isBase64: false, place));
        }

        var type = attributes.TryGetValue("datacontenttype", out var said) && said.ValueKind == JsonValueKind.String ? said.GetString() : null;
        if (encoded.ValueKind != JsonValueKind.String || !encoded.TryGetBytesFromBase64(out var raw))
        {
            throw Malformed($"{place}data_base64", $"{place}data_base64 must be Base64.");
        }

        var payload = BodyContent.Read(raw, type, maxBytes, out _);
        return new WebhookItem(payload ?? encoded, Of(attributes, isBase64: payload is null, place));
    }

    private static CloudEvent Of(Dictionary<string, JsonElement> attributes, bool isBase64, string place)
    {
        var missing = Required.Where(name => !attributes.TryGetValue(name, out var value) || value.ValueKind == JsonValueKind.Null).ToList();
        if (missing.Count > 0)
        {
            throw Malformed(place + missing[0], $"The CloudEvent{At(place)} lacks {string.Join(", ", missing.Select(name => place + name))}.");
        }

        foreach (var (name, value) in attributes)
        {
            Check(name, value, place);
        }

        if (attributes["specversion"].GetString() != "1.0")
        {
            throw Malformed($"{place}specversion", $"{place}specversion must be 1.0.");
        }

        var kept = attributes.Where(attribute => attribute.Value.ValueKind != JsonValueKind.Null && attribute.Key != "specversion").ToList();
        return new(
            attributes["id"].GetString()!, attributes["source"].GetString()!, attributes["type"].GetString()!,
            CloudEventText.Json(kept, isBase64), CloudEventText.Json(kept.Where(attribute => !OfTheWay.Contains(attribute.Key)), isBase64));
    }

    private static void Check(string name, JsonElement value, string place)
    {
        var field = $"{place}{StorableText.Excerpt(name)}";
        if (!Name().IsMatch(name))
        {
            throw Malformed(field, $"{field} cannot be an attribute of a CloudEvent: those are named with small letters and digits.");
        }

        if (Required.Contains(name) && (value.ValueKind != JsonValueKind.String || string.IsNullOrWhiteSpace(value.GetString())))
        {
            throw Malformed(field, $"{field} must be text, and not empty.");
        }

        if (name is "subject" or "datacontenttype" or "dataschema" or "time"
            && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null))
        {
            throw Malformed(field, $"{field} must be text.");
        }

        if (name == "time" && value.ValueKind == JsonValueKind.String 
            && !(Time().IsMatch(value.GetString()!) && Instants.TryParse(value.GetString()!) is not null))
        {
            throw Malformed(field, $"{field} must be {Instants.Expected}.");
        }

        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array)
        {
            throw Malformed(field, $"{field} must be text, a number, true or false.");
        }
    }

    private static string At(string place) => place is "" or HeaderPrefix ? "" : $" {place.TrimEnd('.')}";

    private static RefusedException Malformed(string? field, string message) => new(RefusalKind.Malformed, field, message);

    [GeneratedRegex("^[a-z0-9]+$")]
    private static partial Regex Name();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$")]
    private static partial Regex Time();
}
