using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The section <c>verification</c>: how senders prove a request. No record, since those print what they hold.</summary>
internal sealed class VerificationSettings
{
    private const string SchemeField = "scheme";

    // The fields that are neither secret nor said of every scheme, as they were understood.
    private readonly IReadOnlyDictionary<string, object> _options;
    private readonly IReadOnlyDictionary<string, object> _secrets;

    private VerificationSettings(
        bool enabled, VerificationScheme scheme, WebhookProof? proof, IReadOnlyList<string> secrets,
        IReadOnlyDictionary<string, object> kept, IReadOnlyDictionary<string, object> options)
    {
        Enabled = enabled;
        Scheme = scheme.Name;
        LearnsSecret = scheme.LearnsSecret;
        Proof = proof;
        Secrets = secrets;
        _secrets = kept;
        _options = options;
    }

    public bool Enabled { get; }

    public string Scheme { get; }

    /// <summary>Whether the sender names the secret itself, when it makes itself known.</summary>
    public bool LearnsSecret { get; }

    /// <summary>The secrets, the present one first. Empty only where the sender has yet to name it.</summary>
    public IReadOnlyList<string> Secrets { get; }

    /// <summary>Null while there is no secret: then nothing can be proved.</summary>
    public WebhookProof? Proof { get; }

    /// <exception cref="RefusedException">It cannot be read, or nothing could be proved with it.</exception>
    public static VerificationSettings Parse(JsonElement json, string place)
    {
        var scheme = SchemeOf(json, place);
        var section = new ConfigSection(json, place,
            ["enabled", SchemeField, .. scheme.SecretFields, "has_secret", "has_previous_secret", .. scheme.Options]);
        var enabled = section.Value("enabled") is null || section.Flag("enabled");
        var secrets = scheme.SecretFields.Contains(SharedSecrets.Password)
            ? SharedSecrets.Read(section, SharedSecrets.Password, SharedSecrets.PreviousPassword)
            : SharedSecrets.Read(section);
        if (secrets.Count == 0 && enabled && !scheme.LearnsSecret)
        {
            throw section.Wrong(scheme.SecretFields[0], "must be given");
        }

        // Also without secrets, so that what is wrong with the rest is told.
        var options = new Dictionary<string, object>();
        var proof = scheme.Build(section, secrets, options);
        var kept = scheme.SecretFields.Where(field => section.Value(field) is not null)
            .ToDictionary(field => field, field => (object)section.Value(field)!.Value);
        return new(enabled, scheme, secrets.Count == 0 ? null : proof, secrets, kept, options);
    }

    /// <summary>
    /// What was given, with the secrets that are stored and were not mentioned: nobody who changes the rest could know them. Those of
    /// another scheme are not taken over.
    /// </summary>
    public static JsonElement Merge(JsonElement stored, JsonElement given)
    {
        if (stored.ValueKind != JsonValueKind.Object || given.ValueKind != JsonValueKind.Object || Text(stored) != Text(given))
        {
            return given;
        }

        // One that is null is mentioned, and goes.
        var mentioned = given.EnumerateObject().Select(field => field.Name).ToHashSet(StringComparer.Ordinal);
        var fields = ConfigSection.Fields(given);
        foreach (var (name, secret) in ConfigSection.Fields(stored).Where(field => SharedSecrets.Fields.Contains(field.Key)))
        {
            var replaced = name == SharedSecrets.List
                ? mentioned.Contains(SharedSecrets.Secret) : mentioned.Contains(SharedSecrets.List);
            if (!mentioned.Contains(name) && !replaced)
            {
                fields[name] = secret;
            }
        }

        return JsonSerializer.SerializeToElement(fields, Json.Options);

        static string? Text(JsonElement json) =>
            json.TryGetProperty(SchemeField, out var name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
    }

    public WebhookVerification Shown() => new()
    {
        Enabled = Enabled,
        Scheme = Scheme,
        HasSecret = Secrets.Count > 0,
        HasPreviousSecret = Secrets.Count > 1 ? true : null,
        Header = Option<string>("header"),
        Prefix = Option<string>("prefix"),
        Encoding = Option<string>("encoding"),
        Algorithm = Option<string>("algorithm"),
        Separator = Option<string>("separator"),
        SignedText = Option<string>("signed"),
        TimestampHeader = Option<string>("timestamp_header"),
        TimestampPrefix = Option<string>("timestamp_prefix"),
        IdHeader = Option<string>("id_header"),
        ToleranceSeconds = _options.TryGetValue("tolerance_seconds", out var seconds) ? (int)seconds : null,
        SecretEncoding = Option<string>("secret_encoding"),
        BaseUrl = Option<string>("base_url"),
        User = Option<string>("user"),
    };

    public JsonElement ToJson()
    {
        var fields = new Dictionary<string, object>(_options) { ["enabled"] = Enabled, [SchemeField] = Scheme };
        foreach (var (name, secret) in _secrets)
        {
            fields[name] = secret;
        }

        return JsonSerializer.SerializeToElement(fields, Json.Options);
    }

    private T? Option<T>(string name)
        where T : class => _options.TryGetValue(name, out var value) ? (T)value : null;

    private static VerificationScheme SchemeOf(JsonElement json, string place)
    {
        if (json.ValueKind == JsonValueKind.Object && json.TryGetProperty(SchemeField, out var name)
            && name.ValueKind == JsonValueKind.String && VerificationSchemes.All.TryGetValue(name.GetString()!, out var scheme))
        {
            return scheme;
        }

        return json.ValueKind != JsonValueKind.Object
            ? throw RefusedException.Invalid(place, $"{place} must be an object.")
            : throw RefusedException.Invalid($"{place}.{SchemeField}",
                $"{place}.{SchemeField} must be one of {string.Join(", ", VerificationSchemes.All.Keys.Order(StringComparer.Ordinal))}.");
    }
}
