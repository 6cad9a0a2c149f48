using System.Security.Cryptography;
using System.Text;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Finds what a sender calls a delivery, which is the same when it makes that again.</summary>
internal static class DeliveryKeys
{
    // Those that are the same when a delivery is made again, and never for two deliveries.
    private static readonly string[] Headers =
    [
        "Idempotency-Key", "X-Idempotency-Key", "X-GitHub-Delivery", "X-Gitea-Delivery", "X-Gogs-Delivery", "webhook-id", "svix-id",
        "X-Request-UUID", "X-Shopify-Webhook-Id", "Shopify-Webhook-Id", "Linear-Delivery", "x-amz-sns-message-id", "X-Discourse-Event-Id",
        "X-Zendesk-Webhook-Invocation-Id", "I-Twilio-Idempotency-Token",
    ];

    // Senders that say it in the payload, told by the header of their signature.
    private static readonly (string Header, string Path)[] InPayload =
    [
        ("Stripe-Signature", "id"), ("X-Slack-Signature", "event_id"), ("X-PagerDuty-Signature", "event.id"),
    ];

    // Webhooks that one event brought about by way of another share it, so it is worth keeping but is no key.
    private const string GitLabEvent = "X-Gitlab-Event-UUID";

    /// <summary>What a sender calls a delivery outside its body, as it is shown; null where it does not say.</summary>
    public static string? Shown(WebhookRequest request, IdempotencySettings? settings) =>
        SaidText.Shortened(InHeaders(name => SaidText.Clean(request.Header(name)), settings) ?? SaidText.Clean(request.Header("ce-id")));

    /// <param name="request">What was said beside the body.</param>
    /// <param name="body">The body, whose relay may tell headers of the first sender.</param>
    /// <param name="item">What the event is to hold.</param>
    /// <param name="settings">Where the webhook looks.</param>
    public static DeliveryName Of(WebhookRequest request, WebhookBody body, WebhookItem item, IdempotencySettings? settings)
    {
        // A header is of all of a batch, and so no name of one of its events.
        var named = body.IsBatch || (item.CloudEvent is not null && settings?.Headers is null) ? null : InHeaders(Value, settings);
        named ??= settings?.PayloadPath is { } chosen ? PayloadPath.Find(item.Payload, chosen) : null;
        if (named is null && item.CloudEvent is { } one)
        {
            return new(SaidText.Shortened(SaidText.Clean(one.Id)), Keepable($"{one.Source} {one.Id}"));
        }

        if (named is null && settings is null && SaidText.Clean(request.Header("ce-id")) is { } id)
        {
            // What says no version is no CloudEvent, and has its id all the same.
            return new(SaidText.Shortened(id), Keepable($"{SaidText.Clean(request.Header("ce-source"))} {id}"));
        }

        if (named is null && settings?.PayloadPath is null && InPayload.FirstOrDefault(sender => request.Has(sender.Header)).Path is { } usual)
        {
            named = PayloadPath.Find(item.Payload, usual);
        }

        return new(SaidText.Shortened(named ?? Value(GitLabEvent)), named is null ? null : Keepable(named));

        string? Value(string name) => SaidText.Clean(request.Header(name)) ?? SaidText.Clean(body.Header(name));
    }

    private static string? InHeaders(Func<string, string?> value, IdempotencySettings? settings) =>
        (settings?.Headers ?? Headers).Select(value).FirstOrDefault(found => found is not null);

    // The id of a delivery may be longer than a key; it is no reason to lose the event.
    private static string Keepable(string key)
    {
        var stored = RepairedJson.Of(key);
        return Encoding.UTF8.GetByteCount(stored) <= StorableText.MaxNameBytes
            ? stored
            : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stored)))}";
    }
}

/// <summary>What a sender calls a delivery: as it is shown, and as the key that means the same event; null where it does not say.</summary>
internal readonly record struct DeliveryName(string? Shown, string? Key);
