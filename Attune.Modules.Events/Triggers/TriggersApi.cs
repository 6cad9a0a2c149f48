using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Triggers;

internal static class TriggersApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var triggers = api.MapGroup("/triggers").WithTags("Triggers");
        triggers.MapGet("/", ListAsync).WithName("ListTriggers").WithSummary("Triggers, by reference");
        triggers.MapPost("/", CreateAsync).WithName("CreateTrigger").WithSummary("Make a trigger");
        triggers.MapGet("/enabled", ListEnabledAsync).WithName("ListEnabledTriggers").WithSummary("Triggers that take events");
        triggers.MapGet("/{ref}", FindAsync).WithName("GetTrigger").WithSummary("A trigger, with the key of its webhook");
        triggers.MapPut("/{ref}", UpdateAsync).WithName("UpdateTrigger").WithSummary("Change a trigger; what is left out stays");
        triggers.MapDelete("/{ref}", DeleteAsync).WithName("DeleteTrigger").WithSummary("Delete a trigger; its rules and events stay");
        triggers.MapPost("/{ref}/enable", EnableAsync).WithName("EnableTrigger").WithSummary("Let a trigger take events");
        triggers.MapPost("/{ref}/disable", DisableAsync).WithName("DisableTrigger").WithSummary("Let a trigger refuse events");
        triggers.MapPost("/{ref}/webhooks/enable", EnableWebhookAsync)
            .WithName("EnableWebhook").WithSummary("Give a trigger a webhook, or change the settings of the one it has");
        triggers.MapPost("/{ref}/webhooks/disable", DisableWebhookAsync)
            .WithName("DisableWebhook").WithSummary("Take the webhook away; its key is never valid again");
        triggers.MapPost("/{ref}/webhooks/regenerate", RegenerateWebhookAsync)
            .WithName("RegenerateWebhook").WithSummary("Replace the key of the webhook");
        api.MapGet("/packs/{pack_ref}/triggers", ListOfPackAsync)
            .WithName("ListTriggersOfPack").WithTags("Triggers").WithSummary("Triggers of a pack, by reference");
    }

    private static async Task<Listing<TriggerSummary>> ListAsync(
        PageQuery query, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        query.Listing(await triggers.ListAsync(enabledOnly: false, query.Request, cancellationToken));

    private static async Task<Listing<TriggerSummary>> ListEnabledAsync(
        PageQuery query, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        query.Listing(await triggers.ListAsync(enabledOnly: true, query.Request, cancellationToken));

    private static async Task<Listing<TriggerSummary>> ListOfPackAsync(
        [FromRoute(Name = "pack_ref")] string packRef, PageQuery query, TriggerRepository triggers, CancellationToken cancellationToken)
    {
        var page = await triggers.ListAsync(enabledOnly: false, packRef, query.Request, cancellationToken);
        return page.Items.Count > 0 || await triggers.PackExistsAsync(packRef, cancellationToken)
            ? query.Listing(page)
            : throw RefusedException.NotFound($"Pack '{Reference.Shown(packRef)}' not found");
    }

    private static async Task<Created<Envelope<Trigger>>> CreateAsync(
        NewTriggerBody body, ITriggerRepository triggers, CancellationToken cancellationToken)
    {
        var created = await triggers.CreateAsync(body.ToTrigger(), cancellationToken);
        return TypedResults.Created(
            $"/api/v1/triggers/{Uri.EscapeDataString(created.Ref)}", new Envelope<Trigger>(created, "Trigger created successfully"));
    }

    private static async Task<Envelope<Trigger>> FindAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.FindAsync(reference, cancellationToken));

    private static async Task<Envelope<Trigger>> UpdateAsync(
        [FromRoute(Name = "ref")] string reference, TriggerUpdateBody body, ITriggerRepository triggers,
        CancellationToken cancellationToken) =>
        Found(reference, await triggers.UpdateAsync(reference, body.ToUpdate(), cancellationToken), "Trigger updated successfully");

    private static async Task<Deleted> DeleteAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        await triggers.DeleteAsync(reference, cancellationToken)
            ? new Deleted($"Trigger '{reference}' deleted successfully")
            : throw Missing(reference);

    private static async Task<Envelope<Trigger>> EnableAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(
            reference, await triggers.UpdateAsync(reference, new() { Enabled = true }, cancellationToken), "Trigger enabled successfully");

    private static async Task<Envelope<Trigger>> DisableAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.UpdateAsync(
            reference, new() { Enabled = false }, cancellationToken), "Trigger disabled successfully");

    private static async Task<Envelope<Trigger>> EnableWebhookAsync(
        [FromRoute(Name = "ref")] string reference, OpenedWebhookBody body, ITriggerRepository triggers,
        CancellationToken cancellationToken)
    {
        // Settings that are given hold before the webhook is open.
        if (JsonValues.Given(body.WebhookConfig) is { } config)
        {
            Found(reference, await triggers.UpdateAsync(reference, new() { WebhookConfig = config }, cancellationToken));
        }

        return Found(reference, await triggers.EnableWebhookAsync(reference, cancellationToken), "Webhook enabled successfully");
    }

    private static async Task<Envelope<Trigger>> DisableWebhookAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.DisableWebhookAsync(reference, cancellationToken), "Webhook disabled successfully");

    private static async Task<Envelope<Trigger>> RegenerateWebhookAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.RegenerateWebhookAsync(reference, cancellationToken), "Webhook key regenerated successfully");

    private static Envelope<Trigger> Found(string reference, Trigger? trigger, string? message = null) =>
        new(trigger ?? throw Missing(reference), message);

    private static RefusedException Missing(string reference) =>
        RefusedException.NotFound($"Trigger '{Reference.Shown(reference)}' not found");
}
