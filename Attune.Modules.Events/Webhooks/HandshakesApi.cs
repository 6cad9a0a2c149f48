using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The questions that senders ask by GET and OPTIONS. Otherwise the address of a webhook takes neither.</summary>
internal static class HandshakesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/webhooks/{key}", AnswerAsync).WithName("ConfirmWebhook").WithTags("Webhooks")
            .WithSummary("Answer what a sender asks before it posts")
            .TakesAnyInput().WithMetadata(new ExternalSenders("key") { OnlyHandshakes = true });
        api.MapMethods("/webhooks/{key}", [HttpMethods.Options], AnswerAsync).WithName("AllowWebhook").WithTags("Webhooks")
            .WithSummary("Answer whether a sender may post")
            .TakesAnyInput().WithMetadata(new ExternalSenders("key") { OnlyHandshakes = true });
    }

    private static async Task<IResult> AnswerAsync(
        string key, HttpContext context, WebhookReceivers receivers, WebhookEntrance entrance, CancellationToken cancellationToken)
    {
        var receiver = await receivers.FindAsync(key, cancellationToken);
        var socket = context.Connection.RemoteIpAddress;
        return (receiver is null ? null : entrance.Answer(context, receiver, socket is null ? null : IpNetworks.Plain(socket)))
            ?? (IResult)TypedResults.StatusCode(StatusCodes.Status405MethodNotAllowed);
    }
}
