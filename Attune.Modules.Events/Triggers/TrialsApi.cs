using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Triggers;

internal static class TrialsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/senders", List)
            .WithName("ListSenders").WithTags("Webhooks").WithSummary("The senders that are known, with the settings that each needs");
        api.MapPost("/triggers/{ref}/webhooks/test", SendAsync)
            .WithName("TestWebhook").WithTags("Webhooks").WithSummary("Post an example to a webhook, as its sender would");
    }

    private static Envelope<IReadOnlyList<WebhookSender>> List(IWebhookTrials trials) => new(trials.Senders);

    private static async Task<Envelope<WebhookReceipt>> SendAsync(
        [FromRoute(Name = "ref")] string reference,
        TrialBody body,
        HttpContext context,
        IWebhookTrials trials,
        ITriggerRepository triggers,
        CancellationToken cancellationToken)
    {
        var trigger = await triggers.FindAsync(reference, cancellationToken)
            ?? throw RefusedException.NotFound($"Trigger '{Reference.Shown(reference)}' not found");
        var sender = body.Sender is not { } name ? trials.SenderOf(reference, trigger.WebhookConfig)
            : trials.Senders.FirstOrDefault(one => one.Name == name) ?? throw RefusedException.Invalid(
                "sender", $"sender must be one of {string.Join(", ", trials.Senders.Select(one => one.Name))}.");
        var site = new Uri($"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}/");
        var payload = JsonValues.Given(body.Payload);
        return new(await trials.SendAsync(
            reference, sender, payload is { } given ? JsonSerializer.Serialize(given, Json.Options) : null, site, cancellationToken));
    }
}

/// <summary>What is to be posted; all of it may be left out.</summary>
internal sealed record TrialBody : IJsonBody<TrialBody>
{
    public static bool IsOptional => true;

    /// <summary>Whose headers are sent along; the sender that the settings are for where it is left out.</summary>
    public string? Sender { get; init; }

    /// <summary>The body; an example of the sender's where it is left out.</summary>
    public JsonElement? Payload { get; init; }
}
