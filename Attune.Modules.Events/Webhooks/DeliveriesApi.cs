using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Webhooks;

internal static class DeliveriesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var deliveries = api.MapGroup("/triggers/{ref}/webhooks/deliveries").WithTags("Webhooks");
        deliveries.MapGet("/", ListAsync).WithName("ListDeliveries").WithSummary("What was posted to a webhook, newest first");
        deliveries.MapGet("/{id}", FindAsync)
            .WithName("GetDelivery").WithSummary("A delivery, with what is kept of its body and what was said beside it");
        deliveries.MapPost("/{id}/accept", AcceptAsync)
            .WithName("AcceptDelivery").WithSummary("Make an event of a delivery that was refused; the second time answers that event");
    }

    private static async Task<Listing<DeliverySummary>> ListAsync(
        [FromRoute(Name = "ref")] string reference,
        DeliveryListQuery query,
        IWebhookDeliveries deliveries,
        WebhookReceivers receivers,
        CancellationToken cancellationToken)
    {
        var page = await deliveries.ListAsync(query.ToFilter(reference), query.Request, cancellationToken);
        return page.Items.Count > 0 || await receivers.FindByRefAsync(reference, cancellationToken) is not null
            ? query.Listing(page)
            : throw RefusedException.NotFound($"Trigger '{Reference.Shown(reference)}' not found");
    }

    private static async Task<Envelope<DeliveryDetail>> FindAsync(
        [FromRoute(Name = "ref")] string reference, long id, IWebhookDeliveries deliveries, CancellationToken cancellationToken) =>
        new(await deliveries.FindAsync(reference, id, cancellationToken) ?? throw DeliveryDesk.Missing(reference, id));

    private static async Task<Envelope<WebhookReceipt>> AcceptAsync(
        [FromRoute(Name = "ref")] string reference, long id, IWebhookDeliveries deliveries, CancellationToken cancellationToken) =>
        new(await deliveries.AcceptAsync(reference, id, cancellationToken));
}

/// <summary>Which deliveries to list, as an address says it.</summary>
internal sealed record DeliveryListQuery : ListQuery, IQuery<DeliveryListQuery>
{
    public IReadOnlyList<DeliveryOutcome> Outcome { get; init; } = [];
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    public DeliveryFilter ToFilter(string triggerRef) => new() { TriggerRef = triggerRef, Outcomes = Outcome, Since = Since, Until = Until };
}
