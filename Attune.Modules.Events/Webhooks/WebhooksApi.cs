using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Webhooks;

internal static class WebhooksApi
{
    public static void Map(RouteGroupBuilder api) => api.MapPost("/webhooks/{key}", ReceiveAsync)
        .WithName("ReceiveWebhook").WithTags("Webhooks").WithSummary("Take what a sender posts to a webhook")
        .Produces<Envelope<WebhookReceipt>>().TakesAnyInput().WithMetadata(new ExternalSenders("key"));

    private static async Task<IResult> ReceiveAsync(
        string key, HttpContext context, WebhookDoor door, CancellationToken cancellationToken) =>
        (await door.ReceiveAsync(key, context, cancellationToken)).Answer;
}
