using Attune.Modules.Events;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Web.Fakes;

/// <summary>The deliveries in memory, and trials that write down what they were asked to send.</summary>
public sealed class FakeWebhooks(FakeAttune attune) : IWebhookTrials, IWebhookDeliveries
{
    public List<(string Trigger, string Sender, string? Body)> Sent { get; } = [];

    /// <summary>Why the webhook refuses; null while it takes.</summary>
    public RefusedException? Refusal { get; set; }

    public IReadOnlyList<Modules.Events.WebhookSender> Senders => KnownSenders.All;

    public Modules.Events.WebhookSender SenderOf(string triggerRef, WebhookConfig config) => KnownSenders.Of(triggerRef, config);

    public string Example(Modules.Events.WebhookSender sender) => KnownSenders.Fresh(sender);

    public Task<WebhookReceipt> SendAsync(
        string triggerRef, Modules.Events.WebhookSender sender, string? body, Uri site, CancellationToken cancellationToken)
    {
        Sent.Add((triggerRef, sender.Name, body));
        if (Refusal is not null)
        {
            throw Refusal;
        }

        var added = attune.AddEvent(triggerRef, body);
        return Task.FromResult(new WebhookReceipt(added.Id, triggerRef, added.Created, "Webhook received successfully"));
    }

    public Task<string> CommandAsync(
        string triggerRef, Modules.Events.WebhookSender sender, string body, Uri site, CancellationToken cancellationToken) =>
        Task.FromResult($"curl {new Uri(site, "api/v1/webhooks/")}{attune.Triggers[triggerRef].WebhookKey}");

    public Task<Page<DeliverySummary>> ListAsync(DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken) =>
        FakeLists.PageAsync(
            attune.Deliveries
                .Where(one => one.TriggerRef == filter.TriggerRef && (filter.Outcomes.Count == 0 || filter.Outcomes.Contains(one.Outcome))
                    && FakeLists.Within(one.Received, filter.Since, filter.Until))
                .Select(one => new DeliverySummary
                {
                    Id = one.Id, Received = one.Received, TriggerRef = one.TriggerRef, Outcome = one.Outcome, Status = one.Status,
                    Reason = one.Reason, DurationMs = one.DurationMs, Event = one.Event, Events = one.Events, Accepted = one.Accepted,
                }),
            page, row => new(row.Received, row.Id));

    public Task<DeliveryCounts> CountAsync(string triggerRef, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var counts = attune.Deliveries.Where(one => one.TriggerRef == triggerRef && one.Received >= since).ToLookup(one => one.Outcome);
        return Task.FromResult(new DeliveryCounts(
            counts[DeliveryOutcome.Taken].Count(), counts[DeliveryOutcome.Repeated].Count(), counts[DeliveryOutcome.Refused].Count(), false));
    }

    public Task<DeliveryDetail?> FindAsync(string triggerRef, long id, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Deliveries.Find(one => one.TriggerRef == triggerRef && one.Id == id));

    public Task<WebhookReceipt> AcceptAsync(string triggerRef, long id, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            throw Refusal;
        }

        var at = attune.Deliveries.FindIndex(one => one.Id == id);
        var added = attune.AddEvent(triggerRef);
        attune.Deliveries[at] = attune.Deliveries[at] with { Event = added.Id, EventCreated = added.Created, Accepted = added.Created };
        return Task.FromResult(new WebhookReceipt(added.Id, triggerRef, added.Created, "Webhook received successfully"));
    }
}
