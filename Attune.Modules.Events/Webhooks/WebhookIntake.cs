using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Events.Ledger;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Makes events of what was posted.</summary>
internal sealed class WebhookIntake(EventLedger ledger, IOptions<EventsOptions> options)
{
    /// <summary>The most bytes of a body: the webhook's own limit, or the one that holds for all.</summary>
    public BodyLimit Limit(WebhookSettings settings) => settings.PayloadSizeLimitKb * 1024 < options.Value.MaxPayloadBytes
        ? new(settings.PayloadSizeLimitKb!.Value * 1024, "webhook_config.payload_size_limit_kb")
        : new(options.Value.MaxPayloadBytes, EventsOptions.MaxPayloadBytesKey);

    /// <summary>Reads a body that may come in.</summary>
    /// <exception cref="RefusedException">It cannot be read.</exception>
    public WebhookBody Read(ReadOnlySpan<byte> body, WebhookRequest request, WebhookSettings settings) =>
        WebhookBody.Read(body, request, Limit(settings), options.Value.MaxPayloadBytes);

    /// <summary>What the sender of a delivery is told.</summary>
    /// <param name="triggerRef">The trigger that fired.</param>
    /// <param name="taken">What came of the delivery.</param>
    /// <param name="now">When it was received, where no event came of it.</param>
    public static WebhookReceipt Receipt(string triggerRef, WebhookTaken taken, DateTimeOffset now)
    {
        var first = taken.Events.Count > 0 ? taken.Events[0] : null;
        return new(
            first?.Id, triggerRef, first?.Created ?? now, taken.Message, taken.IsBatch ? [.. taken.Events.Select(one => one.Id)] : null);
    }

    /// <summary>Writes the events of a body: all, or none.</summary>
    /// <param name="receiver">The webhook.</param>
    /// <param name="settings">Its settings.</param>
    /// <param name="request">What was said beside the body.</param>
    /// <param name="body">The body.</param>
    /// <param name="change">What else the events' config is to say.</param>
    /// <param name="cancellationToken">Withdraws it while it is queued.</param>
    /// <exception cref="RefusedException">One of the events cannot be accepted.</exception>
    public async Task<WebhookTaken> TakeAsync(
        WebhookReceiver receiver,
        WebhookSettings settings,
        WebhookRequest request,
        WebhookBody body,
        Func<WebhookOrigin, WebhookOrigin> change,
        CancellationToken cancellationToken)
    {
        string? delivery = null;
        var events = new List<NewEvent>(body.Items.Count);
        foreach (var item in body.Items)
        {
            var origin = change(WebhookOrigin.Of(request, body, item, settings));
            delivery ??= origin.Delivery;
            events.Add(new()
            {
                TriggerRef = receiver.Ref,
                Payload = item.Payload,
                Config = origin.ToJson(),
                SourceRef = "webhook",
                Key = origin.Key,
                KeySpace = $"webhook:{receiver.Ref}",
                // No sender could mend it.
                KeyConflict = KeyConflict.Mark,
                Beside = item.CloudEvent?.Identity
                    ?? (body.Files.Count == 0 ? null : JsonSerializer.SerializeToElement(body.Files, Json.Options)),
            });
        }

        // Alone it has no number, by which messages would name it.
        IReadOnlyList<AppendedEvent> written = body.IsBatch
            ? await ledger.AppendBodyAsync(events, cancellationToken)
            : [await ledger.AppendBodyAsync(events[0], cancellationToken)];
        return new(written, delivery, body.IsBatch);
    }
}

/// <summary>The events that came of a delivery; none of an empty batch.</summary>
internal sealed record WebhookTaken(IReadOnlyList<AppendedEvent> Events, string? Delivery, bool IsBatch)
{
    /// <summary>Whether all of it had come before.</summary>
    public bool IsRepeated => Events.Count > 0 && Events.All(one => one.IsDuplicate);

    public string Message => this switch
    {
        { IsRepeated: true } => "Webhook was received before",
        { Events: [.., { ConflictsWith: { } other }] } =>
            $"Webhook received; event {other} came with the same delivery id, and another body",
        _ => "Webhook received successfully",
    };
}
