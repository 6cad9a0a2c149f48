using Attune.Db;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The way of a delivery from the request to the event: every one takes it, and leaves its row.</summary>
internal sealed class WebhookDoor(
    WebhookReceivers receivers, WebhookGate gate, WebhookEntrance entrance, WebhookIntake intake, DeliveryRecorder recorder)
{
    /// <summary>Takes what was posted to a webhook.</summary>
    /// <returns>What its sender is answered, and of what became events, the receipt.</returns>
    /// <exception cref="RefusedException">There is no such webhook, or it does not take this.</exception>
    public async Task<(IResult Answer, WebhookReceipt? Receipt)> ReceiveAsync(
        string key, HttpContext context, CancellationToken cancellationToken)
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
                return (answer, null);
            }

            var taken = await intake.TakeAsync(
                trigger, settings, attempt.Request, intake.Read(body.Bytes, attempt.Request, settings),
                origin => origin with { HmacVerified = settings.CoversBody ? true : null }, cancellationToken);
            recorder.Taken(attempt, taken, settings.Answer?.Status ?? StatusCodes.Status200OK);
            var receipt = WebhookIntake.Receipt(trigger.Ref, taken, attempt.Request.ReceivedAt);
            return (AnswerSettings.Of(settings.Answer, receipt), receipt);
        }
        catch (Exception error)
        {
            await recorder.RefusedAsync(attempt, error);
            throw;
        }
    }
}
