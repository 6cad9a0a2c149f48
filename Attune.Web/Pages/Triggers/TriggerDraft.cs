using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Attune.Modules.Events;
using Attune.Web.Json;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Triggers;

/// <summary>
/// A trigger as it is typed. Numbers stay text until the module has read them, so that what it refuses is told in its own words and
/// nothing typed is lost.
/// </summary>
public sealed class TriggerDraft
{
    private const string Proof = "verification";

    private readonly WebhookConfig _stored;
    private readonly string? _storedSender;

    private TriggerDraft(WebhookConfig stored, WebhookSender sender, bool isNew)
    {
        _stored = stored;
        _storedSender = isNew ? null : sender.Name;
        Sender = sender;
    }

    public string Ref { get; set; } = "";
    public string Label { get; set; } = "";
    public string Description { get; set; } = "";
    public string Pack { get; set; } = "";
    public bool Enabled { get; set; } = true;
    public string ParamSchema { get; set; } = "";
    public string OutSchema { get; set; } = "";
    public bool HasWebhook { get; set; } = true;

    /// <summary>Who posts to the webhook.</summary>
    public WebhookSender Sender { get; private set; }

    /// <summary>What is typed into the fields of the sender's scheme.</summary>
    public Dictionary<string, string> Fields { get; } = [];

    public string Secret { get; set; } = "";
    public string Algorithm { get; set; } = "sha256";
    public string VerifyToken { get; set; } = "";
    public string PayloadPath { get; set; } = "";
    public bool LimitsRate { get; set; }
    public string Requests { get; set; } = "60";
    public string WindowSeconds { get; set; } = "60";
    public bool LimitsAddresses { get; set; }
    public string Addresses { get; set; } = "";
    public string SizeKb { get; set; } = "";
    public bool Answers { get; set; }
    public string AnswerStatus { get; set; } = "200";
    public string AnswerBody { get; set; } = "";
    public string AnswerType { get; set; } = "text/plain";

    /// <summary>Whether a secret is stored for this sender, which stays unless another is entered.</summary>
    public bool HasStoredSecret => Sender.Name == _storedSender && (_stored.Verification?.HasSecret ?? _stored.Hmac?.HasSecret ?? false);

    /// <summary>Whether the sender has a secret to share; some name theirs themselves.</summary>
    public bool AsksForSecret => Sender.Scheme is not (null or "asana");

    public static TriggerDraft New(WebhookSender sender)
    {
        var draft = new TriggerDraft(new(), sender, isNew: true);
        draft.Choose(sender);
        return draft;
    }

    public static TriggerDraft Of(Trigger trigger, WebhookSender sender)
    {
        var config = trigger.WebhookConfig;
        var draft = new TriggerDraft(config, sender, isNew: false)
        {
            Ref = trigger.Ref,
            Label = trigger.Label,
            Description = trigger.Description ?? "",
            Pack = trigger.PackRef ?? "",
            Enabled = trigger.Enabled,
            ParamSchema = JsonTexts.OfObject(trigger.ParamSchema),
            OutSchema = JsonTexts.OfObject(trigger.OutSchema),
            HasWebhook = trigger.WebhookEnabled,
            Algorithm = config.Hmac?.Algorithm ?? "sha256",
            PayloadPath = config.Idempotency?.PayloadPath ?? "",
            LimitsAddresses = config.IpWhitelist is { Enabled: true },
            Addresses = string.Join('\n', config.IpWhitelist?.Ips ?? []),
            SizeKb = Text(config.PayloadSizeLimitKb),
        };
        if (config.RateLimit is { } rate)
        {
            (draft.LimitsRate, draft.Requests, draft.WindowSeconds) = (rate.Enabled, Text(rate.Requests), Text(rate.WindowSeconds));
        }

        if (config.Answer is { } answer)
        {
            draft.Answers = true;
            (draft.AnswerStatus, draft.AnswerBody, draft.AnswerType) =
                (Text(answer.Status), answer.Body ?? "", answer.ContentType ?? "text/plain");
        }

        var shown = JsonSerializer.SerializeToElement(config.Verification, Db.Json.Options);
        foreach (var field in sender.Fields.Where(_ => shown.ValueKind == JsonValueKind.Object))
        {
            draft.Fields[field] = shown.TryGetProperty(field, out var value) ? value.ToString() : "";
        }

        return draft;
    }

    /// <summary>Takes another sender, with what its settings are from the beginning.</summary>
    public void Choose(WebhookSender sender)
    {
        Sender = sender;
        Secret = "";
        PayloadPath = sender.Settings.TryGetProperty("idempotency", out var keys) ? keys.GetProperty("payload_path").GetString()! : "";
        Fields.Clear();
    }

    /// <summary>A secret that is hard to guess, written as the scheme has it.</summary>
    public void MakeSecret() => Secret = Sender.Scheme == "standard_webhooks"
        ? $"whsec_{Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))}"
        : RandomNumberGenerator.GetHexString(64, lowercase: true);

    /// <summary>What is to be made; null when something typed is not JSON, and then it is told.</summary>
    public NewTrigger? ToNew(FormMistakes mistakes)
    {
        var (parameters, payload) = Schemas(mistakes);
        return mistakes.Any ? null : new()
        {
            Ref = Ref.Trim(),
            PackRef = AddressQuery.ParseText(Pack),
            Label = Label,
            Description = AddressQuery.ParseText(Description),
            Enabled = Enabled,
            ParamSchema = ParamSchema.Length == 0 ? null : parameters,
            OutSchema = OutSchema.Length == 0 ? null : payload,
            WebhookEnabled = HasWebhook,
            WebhookConfig = HasWebhook ? Settings() : null,
        };
    }

    /// <summary>As <see cref="ToNew"/>, for a trigger that is there.</summary>
    public TriggerUpdate? ToUpdate(FormMistakes mistakes)
    {
        var (parameters, payload) = Schemas(mistakes);
        return mistakes.Any ? null : new()
        {
            Label = Label,
            Description = Description,
            Enabled = Enabled,
            ParamSchema = parameters,
            OutSchema = payload,
            WebhookConfig = HasWebhook ? Settings() : null,
        };
    }

    private (JsonElement? Parameters, JsonElement? Payload) Schemas(FormMistakes mistakes)
    {
        var (parameters, wrong) = JsonTexts.ReadObject(ParamSchema);
        var (payload, alsoWrong) = JsonTexts.ReadObject(OutSchema);
        foreach (var (place, mistake) in ((string, string?)[])[("param_schema", wrong), ("out_schema", alsoWrong)])
        {
            if (mistake is not null)
            {
                mistakes.Add(place, mistake);
            }
        }

        return (parameters, payload);
    }

    // A section that is null goes, and one that is not mentioned stays.
    private JsonElement Settings()
    {
        var settings = new JsonObject
        {
            ["payload_size_limit_kb"] = Number(SizeKb),
            ["rate_limit"] = LimitsRate
                ? new JsonObject { ["enabled"] = true, ["requests"] = Number(Requests), ["window_seconds"] = Number(WindowSeconds) } : null,
            ["ip_whitelist"] = LimitsAddresses ? new JsonObject { ["enabled"] = true, ["ips"] = Lines(Addresses) } : null,
            ["answer"] = Answers ? Answer() : null,
            ["idempotency"] = Idempotency(),
        };

        // With the same sender, what else is asked of it stays as it is.
        if (Sender.Scheme == "signature")
        {
            settings["hmac"] = Secretly(new JsonObject { ["enabled"] = true, ["algorithm"] = Algorithm });
        }
        else if (Sender.Name != _storedSender)
        {
            settings["hmac"] = null;
        }

        if (Sender.Scheme is not (null or "signature"))
        {
            settings[Proof] = Verification();
        }
        else if (Sender.Name != _storedSender)
        {
            settings[Proof] = null;
        }

        if (VerifyToken.Length > 0)
        {
            settings["handshake"] = new JsonObject { ["sender"] = "meta", ["token"] = VerifyToken };
        }
        else if (Sender.Name != _storedSender)
        {
            settings["handshake"] = Sender.Settings.TryGetProperty("handshake", out var asked) ? JsonNode.Parse(asked.GetRawText()) : null;
        }

        return JsonSerializer.SerializeToElement(settings, Db.Json.Options);
    }

    private JsonObject Verification()
    {
        var proof = Sender.Name == _storedSender && Sender.Fields.Count == 0 && _stored.Verification is { } kept
            ? JsonSerializer.SerializeToNode(kept, Db.Json.Options)!.AsObject()
            : JsonNode.Parse(Sender.Settings.GetProperty(Proof).GetRawText())!.AsObject();
        proof.Remove("has_secret");
        proof.Remove("has_previous_secret");
        proof["enabled"] = true;
        foreach (var (name, value) in Fields.Where(field => field.Value.Length > 0))
        {
            proof[name] = name == "tolerance_seconds" ? Number(value) : value;
        }

        return Secretly(proof, Sender.Scheme == "basic" ? "password" : "secret");
    }

    private JsonObject Secretly(JsonObject proof, string field = "secret")
    {
        if (Secret.Length > 0)
        {
            proof[field] = Secret;
        }

        return proof;
    }

    private JsonObject? Idempotency()
    {
        var headers = _stored.Idempotency?.Headers;
        var path = AddressQuery.ParseText(PayloadPath);
        return headers is null && path is null ? null : new JsonObject
        {
            ["headers"] = headers is null ? null : new JsonArray([.. headers.Select(header => (JsonNode)header)]), ["payload_path"] = path,
        };
    }

    private JsonObject Answer() => AnswerBody.Length == 0
        ? new() { ["status"] = Number(AnswerStatus) }
        : new() { ["status"] = Number(AnswerStatus), ["body"] = AnswerBody, ["content_type"] = AnswerType };

    // What is no number is given as it is, and refused in the module's words.
    private static JsonNode? Number(string text) => text.Trim() switch
    {
        "" => null,
        { } typed when long.TryParse(typed, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        { } typed => typed,
    };

    private static JsonArray Lines(string text) => new(
    [
        .. text.Split(['\n', ',', ' '], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (JsonNode)line),
    ]);

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
