using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
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
    private readonly string? _storedSender;

    private TriggerDraft(WebhookConfig stored, WebhookSender sender, bool isNew)
    {
        Stored = stored;
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

    /// <summary>What is stored of the webhook.</summary>
    internal WebhookConfig Stored { get; }

    /// <summary>Whether it is the sender that is stored.</summary>
    internal bool IsStoredSender => Sender.Name == _storedSender;

    /// <summary>Whether a secret is stored for this sender, which stays unless another is entered.</summary>
    public bool HasStoredSecret => IsStoredSender && (Stored.Verification?.HasSecret ?? Stored.Hmac?.HasSecret ?? false);

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
            WebhookConfig = HasWebhook ? WebhookDraft.Of(this) : null,
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
            WebhookConfig = HasWebhook ? WebhookDraft.Of(this) : null,
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

    private static string Text(int? number) => number?.ToString(CultureInfo.InvariantCulture) ?? "";
}
