using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Shows deliveries, and takes in later what was refused.</summary>
internal sealed class DeliveryDesk(WebhookDeliveries rows, DeliveryLog log, WebhookReceivers receivers, WebhookIntake intake)
    : IWebhookDeliveries
{
    public async Task<Page<DeliverySummary>> ListAsync(DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        await log.WrittenAsync(cancellationToken);
        return await rows.ListAsync(filter, page, cancellationToken);
    }

    public async Task<DeliveryCounts> CountAsync(string triggerRef, DateTimeOffset since, CancellationToken cancellationToken)
    {
        await log.WrittenAsync(cancellationToken);
        return await rows.CountAsync(triggerRef, since, cancellationToken);
    }

    public Task<DeliveryDetail?> FindAsync(string triggerRef, long id, CancellationToken cancellationToken) =>
        rows.FindAsync(triggerRef, id, cancellationToken);

    public async Task<WebhookReceipt> AcceptAsync(string triggerRef, long id, CancellationToken cancellationToken)
    {
        var delivery = await rows.FindAsync(triggerRef, id, cancellationToken) ?? throw Missing(triggerRef, id);
        if (delivery is { Event: { } already, EventCreated: { } created })
        {
            return new(already, triggerRef, created, "The delivery is this event already");
        }

        if (delivery is not { BodyIsWhole: true, Said: { } said })
        {
            throw new RefusedException(
                RefusalKind.Conflict, null, "The body of this delivery is not kept whole: its sender has to make it again.");
        }

        var receiver = await receivers.FindByRefAsync(triggerRef, cancellationToken)
            ?? throw RefusedException.NotFound($"Trigger '{Reference.Shown(triggerRef)}' not found");
        var settings = WebhookSettings.Parse(receiver.WebhookConfig);
        var request = WebhookRequest.Of(said, delivery.Method, delivery.SourceIp, delivery.Received);
        var body = intake.Read(delivery.BodyBytes, request, settings);
        var taken = await intake.TakeAsync(
            receiver, settings, request, body,
            // Without a name of the sender's, a second call at once must still be the same event.
            origin => origin with { AcceptedDelivery = id, Key = origin.Key ?? $"delivery {id}" },
            cancellationToken);
        await rows.AcceptAsync(delivery, taken, cancellationToken);
        return WebhookIntake.Receipt(triggerRef, taken, delivery.Received);
    }

    /// <summary>What is said of a delivery that is not there.</summary>
    public static RefusedException Missing(string triggerRef, long id) =>
        RefusedException.NotFound($"Trigger '{Reference.Shown(triggerRef)}' has no delivery with ID {id}; they are kept for 14 days");
}
