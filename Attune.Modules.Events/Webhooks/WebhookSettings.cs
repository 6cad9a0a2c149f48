using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a webhook asks of those who post to it, in the shape of the column <c>webhook_config</c>.</summary>
internal sealed class WebhookSettings
{
    private const string Place = "webhook_config";
    private const string HmacField = "hmac";
    private const string VerificationField = "verification";
    private const string HandshakeField = "handshake";
    private const string AnswerField = "answer";
    private const string IdempotencyField = "idempotency";
    private const string KeepField = "keep_headers";
    private const int MaxBytes = 64 * 1024;

    // Shorter ones are in many a text by chance.
    private const int ShortestLookedFor = 4;

    private WebhookSettings()
    {
    }

    public int? PayloadSizeLimitKb { get; private init; }

    public AddressList? IpWhitelist { get; private init; }

    public RateSettings? RateLimit { get; private init; }

    public SigningSettings? Hmac { get; private init; }

    public VerificationSettings? Verification { get; private init; }

    public HandshakeSettings? Handshake { get; private init; }

    public AnswerSettings? Answer { get; private init; }

    /// <summary>Whether a delivery has to be proved before it counts.</summary>
    public bool AsksForProof => Hmac is { Enabled: true } || Verification is { Enabled: true };

    /// <summary>Whether the body of a delivery that was let in is what its sender signed.</summary>
    public bool CoversBody => Hmac is { Enabled: true } || Verification is { Enabled: true, Proof.CoversBody: true };

    /// <summary>Where a delivery says which one it is; null for where they usually do.</summary>
    public IdempotencySettings? Idempotency { get; private init; }

    /// <summary>The headers that an event keeps; null for all that are the sender's own.</summary>
    public IReadOnlyList<string>? KeepHeaders { get; private init; }

    /// <summary>What is in no event and in no delivery, wherever a sender puts it.</summary>
    public IReadOnlyCollection<string> Secrets =>
    [
        .. ((string?[])[Hmac?.Secret, Handshake?.Token, .. Verification?.Secrets ?? []]).OfType<string>()
            .Where(secret => secret.Length >= ShortestLookedFor),
    ];

    /// <exception cref="RefusedException">Something in it is not as it must be; the field names the place.</exception>
    public static WebhookSettings Parse(JsonElement json)
    {
        var section = new ConfigSection(
            json, Place, "payload_size_limit_kb", "ip_whitelist", "rate_limit", HmacField, VerificationField, HandshakeField, AnswerField,
            IdempotencyField, KeepField);
        var settings = new WebhookSettings
        {
            PayloadSizeLimitKb = section.Number("payload_size_limit_kb", 1, EventsOptions.LargestPayloadLimit / 1024),
            IpWhitelist = Section(section, "ip_whitelist", AddressList.Parse),
            RateLimit = Section(section, "rate_limit", RateSettings.Parse),
            Hmac = Section(section, HmacField, SigningSettings.Parse),
            Verification = Section(section, VerificationField, VerificationSettings.Parse),
            Handshake = Section(section, HandshakeField, HandshakeSettings.Parse),
            Answer = Section(section, AnswerField, AnswerSettings.Parse),
            Idempotency = Section(section, IdempotencyField, IdempotencySettings.Parse),
            KeepHeaders = Kept(section),
        };

        // What is answered is made with the secret, or is the secret.
        return settings.Handshake is { Sender: "asana" or "zoom" } handshake && settings.Verification?.Scheme != handshake.Sender
            ? throw RefusedException.Invalid($"{Place}.{HandshakeField}.sender",
                $"{Place}.{HandshakeField}.sender {handshake.Sender} needs {Place}.{VerificationField} with the scheme {handshake.Sender}.")
            : settings;
    }

    /// <summary>
    /// The stored settings with those that are given: a section that is left out stays, and one that is null goes. A secret
    /// stays too, unless another is given: nobody who changes the rest could know it.
    /// </summary>
    /// <returns>What is to be stored.</returns>
    /// <exception cref="RefusedException">What comes out cannot be used; the field names the place.</exception>
    public static JsonElement Merge(JsonElement stored, JsonElement given)
    {
        StorableJson.Check(given, Place);
        if (given.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(Place, $"{Place} must be an object.");
        }

        var before = stored.ValueKind == JsonValueKind.Object ? ConfigSection.Fields(stored) : [];
        var merged = new Dictionary<string, JsonElement>(before);
        foreach (var section in given.EnumerateObject())
        {
            merged[section.Name] = section.Value;
        }

        KeepSecrets(before, merged, HmacField, SigningSettings.Merge);
        KeepSecrets(before, merged, VerificationField, VerificationSettings.Merge);
        KeepSecrets(before, merged, HandshakeField, HandshakeSettings.Merge);
        return Parse(JsonSerializer.SerializeToElement(merged, Json.Options)).ToJson();
    }

    /// <summary>What may be shown of stored settings, also of those that cannot be used.</summary>
    public static WebhookConfig Shown(JsonElement stored)
    {
        try
        {
            var settings = Parse(stored);
            return new()
            {
                PayloadSizeLimitKb = settings.PayloadSizeLimitKb,
                IpWhitelist = settings.IpWhitelist is { } list ? new(list.Enabled, list.Ips) : null,
                RateLimit = settings.RateLimit is { } rate ? new(rate.Enabled, rate.Requests, rate.WindowSeconds) : null,
                Idempotency = settings.Idempotency is { } keys ? new(keys.Headers, keys.PayloadPath) : null,
                KeepHeaders = settings.KeepHeaders,
                Hmac = settings.Hmac is { } hmac ? new(hmac.Enabled, hmac.Algorithm, hmac.Secret is not null) : null,
                Verification = settings.Verification?.Shown(),
                Handshake = settings.Handshake?.Shown(),
                Answer = settings.Answer is { } answer ? new(answer.Status, answer.Body, answer.ContentType) : null,
            };
        }
        catch (RefusedException refused)
        {
            return new() { Mistake = refused.Message };
        }
    }

    private static T? Section<T>(ConfigSection section, string name, Func<JsonElement, string, T> parse)
        where T : class => section.Value(name) is { } value ? parse(value, $"{Place}.{name}") : null;

    private static void KeepSecrets(
        Dictionary<string, JsonElement> before, Dictionary<string, JsonElement> merged, string name,
        Func<JsonElement, JsonElement, JsonElement> merge)
    {
        if (before.TryGetValue(name, out var stored) && merged.TryGetValue(name, out var given))
        {
            merged[name] = merge(stored, given);
        }
    }

    private static IReadOnlyList<string>? Kept(ConfigSection section)
    {
        var names = HeaderNames.Parse(section, KeepField);
        var secret = names?.Select((name, i) => (name, i)).FirstOrDefault(one => SecretNames.IsSecretHeader(one.name));
        return secret is { name: not null } found
            ? throw section.Wrong($"{KeepField}[{found.i}]", "must not be a header that may hold a secret: those are never kept")
            : names;
    }

    private JsonElement ToJson()
    {
        var fields = new Dictionary<string, object>();
        if (PayloadSizeLimitKb is { } limit)
        {
            fields["payload_size_limit_kb"] = limit;
        }

        if (IpWhitelist is { } list)
        {
            fields["ip_whitelist"] = new { list.Enabled, list.Ips };
        }

        if (RateLimit is { } rate)
        {
            fields["rate_limit"] = new { rate.Enabled, rate.Requests, rate.WindowSeconds };
        }

        if (Hmac is { } hmac)
        {
            fields[HmacField] = new { hmac.Enabled, hmac.Secret, hmac.Algorithm };
        }

        if (Verification is { } verification)
        {
            fields[VerificationField] = verification.ToJson();
        }

        if (Handshake is { } handshake)
        {
            fields[HandshakeField] = handshake.ToJson();
        }

        if (Answer is { } answer)
        {
            fields[AnswerField] = answer;
        }

        if (Idempotency is { } keys)
        {
            fields[IdempotencyField] = new { keys.Headers, keys.PayloadPath };
        }

        if (KeepHeaders is { } names)
        {
            fields[KeepField] = names;
        }

        return JsonSerializer.SerializeToElement(fields, Json.Options);
    }
}
