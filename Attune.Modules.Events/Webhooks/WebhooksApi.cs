using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a webhook's sender is told.</summary>
internal sealed record WebhookReceipt(long EventId, string TriggerRef, DateTimeOffset ReceivedAt, string Message);

internal static class WebhooksApi
{
    public static async Task<Envelope<WebhookReceipt>> ReceiveAsync(
        string key,
        HttpContext context,
        WebhookReceivers receivers,
        WebhookGate gate,
        IEventLedger ledger,
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
        var bytes = await ReadAsync(context.Request, settings, options.Value.MaxPayloadBytes, cancellationToken);
        var isSigned = settings.Hmac is { Enabled: true };
        if (isSigned)
        {
            settings.Hmac!.Check(Header, bytes.Span);
        }

        var body = WebhookBody.Read(bytes.Span, context.Request.ContentType);
        var origin = WebhookOrigin.Of(Header, body, address?.ToString(), clock.GetUtcNow()) with { HmacVerified = isSigned ? true : null };
        var written = await ledger.AppendAsync(new NewEvent
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

        string? Header(string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;
    }

    private static Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpRequest request, WebhookSettings settings, int maxBytes, CancellationToken cancellationToken) =>
        settings.PayloadSizeLimitKb * 1024 < maxBytes
            ? RequestBody.ReadAsync(request, settings.PayloadSizeLimitKb!.Value * 1024, "webhook_config.payload_size_limit_kb", cancellationToken)
            : RequestBody.ReadAsync(request, maxBytes, EventsOptions.MaxPayloadBytesKey, cancellationToken);
}
