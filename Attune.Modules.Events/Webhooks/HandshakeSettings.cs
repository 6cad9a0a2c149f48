using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// The section <c>handshake</c>: whose questions are answered before that sender posts events. Without it, those that nobody could
/// take for an event are. No record, since those print what they hold.
/// </summary>
internal sealed class HandshakeSettings
{
    public const string None = "none";
    public const string TokenField = "token";

    private const string SenderField = "sender";
    private const int LongestText = 512;
    private const int MostOrigins = 20;

    private HandshakeSettings(string sender, string? token, string? topic, IReadOnlyList<string>? origins)
    {
        Sender = sender;
        Token = token;
        Topic = topic;
        Origins = origins;
    }

    public string Sender { get; }

    /// <summary>What the sender's question has to bring, so that it is known to be meant.</summary>
    public string? Token { get; }

    public string? Topic { get; }

    /// <summary>Who may send; null for anybody.</summary>
    public IReadOnlyList<string>? Origins { get; }

    /// <exception cref="RefusedException">It cannot be read, or a question could not be told from anybody's.</exception>
    public static HandshakeSettings Parse(JsonElement json, string place)
    {
        if (json.ValueKind == JsonValueKind.String)
        {
            json = JsonSerializer.SerializeToElement(new Dictionary<string, string> { [SenderField] = json.GetString()! }, Json.Options);
        }

        var section = new ConfigSection(json, place, SenderField, TokenField, "has_token", "topic", "origins");
        var sender = section.Text(SenderField);
        if (sender is null || (sender != None && !Handshakes.Senders.Contains(sender)))
        {
            throw section.Wrong(SenderField, $"must be one of {string.Join(", ", Handshakes.Senders)} or {None}");
        }

        return new(
            sender,
            For(section, TokenField, sender, needed: true, "meta"),
            For(section, "topic", sender, needed: true, "websub", "sns"),
            Named(section, sender));
    }

    /// <summary>What was given, with the token that is stored for the same sender and was not mentioned.</summary>
    public static JsonElement Merge(JsonElement stored, JsonElement given)
    {
        if (stored.ValueKind != JsonValueKind.Object || given.ValueKind != JsonValueKind.Object
            || !ConfigSection.Fields(stored).TryGetValue(TokenField, out var token) || given.TryGetProperty(TokenField, out _)
            || !given.TryGetProperty(SenderField, out var sender)
            || !JsonValues.AreEqual(sender, stored.GetProperty(SenderField)))
        {
            return given;
        }

        var fields = ConfigSection.Fields(given);
        fields[TokenField] = token;
        return JsonSerializer.SerializeToElement(fields, Json.Options);
    }

    public WebhookHandshake Shown() => new(Sender, Token is null ? null : true, Topic, Origins);

    public JsonElement ToJson()
    {
        var fields = new Dictionary<string, object> { [SenderField] = Sender };
        foreach (var (name, value) in ((string, object?)[])[(TokenField, Token), ("topic", Topic), ("origins", Origins)])
        {
            if (value is not null)
            {
                fields[name] = value;
            }
        }

        return JsonSerializer.SerializeToElement(fields, Json.Options);
    }

    private static string? For(ConfigSection section, string name, string sender, bool needed, params string[] senders)
    {
        var text = section.Text(name);
        return senders.Contains(sender)
            ? (text is null && !needed) || (text?.Length <= LongestText && !string.IsNullOrWhiteSpace(text))
                ? text : throw section.Wrong(name, $"must be given for {sender}, with at most {LongestText} characters")
            : text is null ? null : throw section.Wrong(name, $"is only for {string.Join(" and ", senders)}");
    }

    private static string[]? Named(ConfigSection section, string sender)
    {
        if (section.Value("origins") is not { } given)
        {
            return null;
        }

        if (sender is not ("cloudevents" or "event_grid"))
        {
            throw section.Wrong("origins", "is only for cloudevents and event_grid");
        }

        return given.ValueKind == JsonValueKind.Array && given.GetArrayLength() is > 0 and <= MostOrigins
            ? [.. given.EnumerateArray().Select((item, i) =>
                item.ValueKind == JsonValueKind.String && CloudEventsHandshake.IsOrigin(item.GetString())
                    ? item.GetString()! : throw section.Wrong($"origins[{i}]", "must be the name of a host"))]
            : throw section.Wrong("origins", $"must be an array of 1 to {MostOrigins} names of hosts");
    }
}
