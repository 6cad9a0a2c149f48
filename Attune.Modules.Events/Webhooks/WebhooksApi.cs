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
        .Produces<Envelope<WebhookReceipt>>().TakesAnyInput().WithMetadata(new ExternalSenders("key"));

    private static async Task<IResult> ReceiveAsync(
        string key,
        HttpContext context,
        WebhookReceivers receivers,
        WebhookGate gate,
        WebhookEntrance entrance,
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
        if (!settings.AsksForProof)
        {
            gate.Count(trigger, settings, Counted.Taken);
        }

        var (answer, body) = await ReadAsync(
            context, trigger, settings, entrance, options.Value.MaxPayloadBytes, cancellationToken);
        if (body is null)
        {
            return answer!;
        }

        var origin = WebhookOrigin.Of(name => Header(
            context.Request, name), body, address?.ToString(), clock.GetUtcNow()) with { HmacVerified = settings.CoversBody ? true : null };
        var written = await ledger.AppendBodyAsync(new NewEvent
        {
            TriggerRef = trigger.Ref,
            Payload = body.Payload,
            Config = origin.ToJson(),
            SourceRef = "webhook",
            Key = origin.Key,
            KeySpace = $"webhook:{trigger.Ref}",
        }, cancellationToken);
        return AnswerSettings.Of(settings.Answer, new(written.Id, trigger.Ref, written.Created,
            written.IsDuplicate ? "Webhook was received before" : "Webhook received successfully"));
    }

    private static BodyLimit Limit(WebhookSettings settings, int maxBytes) => settings.PayloadSizeLimitKb * 1024 < maxBytes
        ? new(settings.PayloadSizeLimitKb!.Value * 1024, "webhook_config.payload_size_limit_kb")
        : new(maxBytes, EventsOptions.MaxPayloadBytesKey);

    // A signature is of the bytes as they came; they are given back before anything waits for the database.
    private static async Task<(IResult? Answer, WebhookBody? Body)> ReadAsync(
        HttpContext context, WebhookReceiver trigger, WebhookSettings settings, WebhookEntrance entrance, int maxBytes,
        CancellationToken cancellationToken)
    {
        using var body = await RequestBody.ReadAsync(context.Request, Limit(settings, maxBytes), cancellationToken);
        return await entrance.PassAsync(context, trigger, settings, body, cancellationToken) is { } answer
            ? (answer, null) : (null, WebhookBody.Read(body.Bytes, context.Request.ContentType, maxBytes));
    }

    private static string? Header(HttpRequest request, string name) =>
        request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;
}
