using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Events.Http;

/// <summary>What a webhook's sender is told.</summary>
internal sealed record WebhookReceipt(long EventId, string TriggerRef, DateTimeOffset ReceivedAt, string Message);

internal static class WebhooksApi
{
    private const int MaxKeyLength = 255;

    public static async Task<Envelope<WebhookReceipt>> ReceiveAsync(
        string key,
        HttpContext context,
        ITriggerRepository triggers,
        IEventLedger ledger,
        IOptions<EventsOptions> options,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var trigger = key.Length > MaxKeyLength ? null : await triggers.FindByWebhookKeyAsync(key, cancellationToken);
        if (trigger is null)
        {
            throw RefusedException.NotFound("There is no webhook with this key");
        }

        var bytes = await RequestBody.ReadAsync(context.Request, options.Value.MaxPayloadBytes, cancellationToken);
        var body = WebhookBody.Read(bytes.Span, context.Request.ContentType);
        var origin = WebhookOrigin.Of(Header, body, Address(context), clock.GetUtcNow());
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

    // The socket's: a header could say anything.
    private static string? Address(HttpContext context) => context.Connection.RemoteIpAddress is { } address
        ? (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString()
        : null;
}
