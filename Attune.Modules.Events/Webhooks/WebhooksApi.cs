using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Events.Ledger;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a webhook's sender is told.</summary>
internal sealed record WebhookReceipt(long EventId, string TriggerRef, DateTimeOffset ReceivedAt, string Message);

internal static class WebhooksApi
{
    public static void Map(RouteGroupBuilder api) => api.MapPost("/webhooks/{key}", ReceiveAsync)
        .WithName("ReceiveWebhook").WithTags("Webhooks").WithSummary("Take what a sender posts to a webhook")
        .TakesAnyInput().WithMetadata(new ExternalSenders("key"));

    private static async Task<Envelope<WebhookReceipt>> ReceiveAsync(
        string key,
        HttpContext context,
        WebhookReceivers receivers,
        WebhookGate gate,
        EventLedger ledger,
        IOptions<EventsOptions> options,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var trigger = await receivers.FindAsync(key, cancellationToken);
        if (trigger is null)
        {
            throw RefusedException.NotFound("There is no webhook with this key");
        }

        // That of the socket, or of whom a proxy of ours speaks for: any other header could say anything.
        var address = context.Connection.RemoteIpAddress is { } socket ? AddressList.Plain(socket) : null;
        var settings = gate.Admit(trigger, address);
        var limit = Limit(settings, options.Value.MaxPayloadBytes);
        var isSigned = settings.Hmac is { Enabled: true };
        var body = await ReadAsync(
            context.Request, isSigned ? settings.Hmac : null, limit, options.Value.MaxPayloadBytes, cancellationToken);
        var origin = WebhookOrigin.Of(name => Header(
            context.Request, name), body, address?.ToString(), clock.GetUtcNow()) with { HmacVerified = isSigned ? true : null };
        var written = await ledger.AppendBodyAsync(new NewEvent
        {
            TriggerRef = trigger.Ref,
            Payload = body.Payload,
            Config = origin.ToJson(),
            SourceRef = "webhook",
            Key = origin.Key,
            KeySpace = $"webhook:{trigger.Ref}",
        }, cancellationToken);
        return new(new(written.Id, trigger.Ref, written.Created,
            written.IsDuplicate ? "Webhook was received before" : "Webhook received successfully"));
    }

    private static BodyLimit Limit(WebhookSettings settings, int maxBytes) => settings.PayloadSizeLimitKb * 1024 < maxBytes
        ? new(settings.PayloadSizeLimitKb!.Value * 1024, "webhook_config.payload_size_limit_kb")
        : new(maxBytes, EventsOptions.MaxPayloadBytesKey);

    // A signature is of the bytes as they came.
    private static async Task<WebhookBody> ReadAsync(
        HttpRequest request, SigningSettings? hmac, BodyLimit limit, int maxBytes, CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(request, limit, cancellationToken);
        hmac?.Check(name => Header(request, name), body.Bytes);
        return WebhookBody.Read(body.Bytes, request.ContentType, maxBytes);
    }

    private static string? Header(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;
}
