using System.Text.Json.Serialization;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Webhooks;

/// <summary>What a webhook's sender is told.</summary>
/// <param name="EventId">The event; of a batch the first, and null of an empty one.</param>
/// <param name="TriggerRef">The trigger that fired.</param>
/// <param name="ReceivedAt">When the event was written.</param>
/// <param name="Message">What became of the delivery.</param>
/// <param name="EventIds">The events of a batch, in its order.</param>
internal sealed record WebhookReceipt(
    long? EventId,
    string TriggerRef,
    DateTimeOffset ReceivedAt,
    string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<long>? EventIds = null)
{
    /// <param name="triggerRef">The trigger that fired.</param>
    /// <param name="taken">What came of the delivery.</param>
    /// <param name="now">When it was received, where no event came of it.</param>
    public static WebhookReceipt Of(string triggerRef, WebhookTaken taken, DateTimeOffset now)
    {
        var first = taken.Events.Count > 0 ? taken.Events[0] : null;
        return new(
            first?.Id, triggerRef, first?.Created ?? now, taken.Message, taken.IsBatch ? [.. taken.Events.Select(one => one.Id)] : null);
    }
}

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
        WebhookIntake intake,
        DeliveryRecorder recorder,
        CancellationToken cancellationToken)
    {
        var trigger = await receivers.FindAsync(key, cancellationToken)
            ?? throw RefusedException.NotFound("There is no webhook with this key");

        // That of the socket, or of whom a proxy of ours speaks for: any other header could say anything.
        var address = context.Connection.RemoteIpAddress is { } socket ? IpNetworks.Plain(socket) : null;
        using var attempt = recorder.Begin(trigger, context.Request, address?.ToString());
        try
        {
            var settings = attempt.Settings = gate.Admit(trigger, address);
            if (!settings.AsksForProof)
            {
                gate.Count(trigger, settings, Counted.Taken);
            }

            var body = await attempt.ReadAsync(intake.Limit(settings), cancellationToken);
            if (await entrance.PassAsync(context, trigger, settings, body, cancellationToken) is { } answer)
            {
                return answer;
            }

            var taken = await intake.TakeAsync(
                trigger, settings, attempt.Request, intake.Read(body.Bytes, attempt.Request, settings),
                origin => origin with { HmacVerified = settings.CoversBody ? true : null }, cancellationToken);
            recorder.Taken(attempt, taken, settings.Answer?.Status ?? StatusCodes.Status200OK);
            return AnswerSettings.Of(settings.Answer, WebhookReceipt.Of(trigger.Ref, taken, attempt.Request.ReceivedAt));
        }
        catch (Exception error)
        {
            await recorder.RefusedAsync(attempt, error);
            throw;
        }
    }
}
