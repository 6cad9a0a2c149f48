using System.Text.Json.Serialization;
using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>What was posted to webhooks in the last 14 days, and what became of it.</summary>
public interface IWebhookDeliveries
{
    /// <summary>The deliveries of a trigger's webhook, newest first.</summary>
    Task<Page<DeliverySummary>> ListAsync(DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>How many deliveries ended how since an instant; each outcome is counted up to 10,000.</summary>
    Task<DeliveryCounts> CountAsync(string triggerRef, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>A delivery with what is kept of it; null when there is none.</summary>
    Task<DeliveryDetail?> FindAsync(string triggerRef, long id, CancellationToken cancellationToken);

    /// <summary>Makes an event of a delivery that was refused; one that is an event already answers that.</summary>
    /// <exception cref="RefusedException">There is no such delivery, it is not kept whole, or it still cannot be taken.</exception>
    Task<WebhookReceipt> AcceptAsync(string triggerRef, long id, CancellationToken cancellationToken);
}

/// <summary>What a webhook's sender is told.</summary>
/// <param name="EventId">The event; of a batch the first, and null of an empty one.</param>
/// <param name="TriggerRef">The trigger that fired.</param>
/// <param name="ReceivedAt">When the event was written.</param>
/// <param name="Message">What became of the delivery.</param>
/// <param name="EventIds">The events of a batch, in its order.</param>
public sealed record WebhookReceipt(
    long? EventId,
    string TriggerRef,
    DateTimeOffset ReceivedAt,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<long>? EventIds = null);
