using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Attune.Modules.Events.Triggers;

internal static class TriggersApi
{
    private const int MaxBodyBytes = 1024 * 1024;

    public static async Task<Listing<TriggerSummary>> ListAsync(
        PageQuery page, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        page.Listing(await triggers.ListAsync(enabledOnly: false, page.Request, cancellationToken));

    public static async Task<Listing<TriggerSummary>> ListEnabledAsync(
        PageQuery page, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        page.Listing(await triggers.ListAsync(enabledOnly: true, page.Request, cancellationToken));

    public static async Task<Listing<TriggerSummary>> ListOfPackAsync(
        [FromRoute(Name = "pack_ref")] string packRef, PageQuery page, TriggerRepository triggers, CancellationToken cancellationToken) =>
        page.Listing(await triggers.ListAsync(enabledOnly: false, packRef, page.Request, cancellationToken));

    public static async Task<Created<Envelope<Trigger>>> CreateAsync(
        HttpRequest request, ITriggerRepository triggers, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadObjectAsync(request, MaxBodyBytes, "a trigger", cancellationToken);
        var created = await triggers.CreateAsync(new NewTrigger
        {
            Ref = body.Text("ref") ?? "",
            PackRef = body.Text("pack_ref"),
            Label = body.Text("label") ?? "",
            Description = body.Text("description"),
            ParamSchema = body.Given("param_schema"),
            OutSchema = body.Given("out_schema"),
            Enabled = body.Flag("enabled") ?? true,
            WebhookConfig = body.Given("webhook_config"),
        }, cancellationToken);
        return TypedResults.Created(
            $"/api/v1/triggers/{Uri.EscapeDataString(created.Ref)}", new Envelope<Trigger>(created, "Trigger created successfully"));
    }

    public static async Task<Envelope<Trigger>> FindAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.FindAsync(reference, cancellationToken));

    public static async Task<Envelope<Trigger>> UpdateAsync(
        [FromRoute(Name = "ref")] string reference, HttpRequest request, ITriggerRepository triggers, CancellationToken cancellationToken)
    {
        var body = await RequestBody.ReadObjectAsync(request, MaxBodyBytes, "a trigger", cancellationToken);
        return Found(reference, await triggers.UpdateAsync(reference, new TriggerUpdate
        {
            Label = body.Text("label"),
            Description = body.Text("description"),
            Enabled = body.Flag("enabled"),
            ParamSchema = body.Given("param_schema"),
            OutSchema = body.Given("out_schema"),
            WebhookConfig = body.Given("webhook_config"),
        }, cancellationToken), "Trigger updated successfully");
    }

    public static async Task<Deleted> DeleteAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        await triggers.DeleteAsync(reference, cancellationToken)
            ? new Deleted($"Trigger '{reference}' deleted successfully")
            : throw Missing(reference);

    public static async Task<Envelope<Trigger>> EnableAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.UpdateAsync(reference, new() { Enabled = true }, cancellationToken), "Trigger enabled successfully");

    public static async Task<Envelope<Trigger>> DisableAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.UpdateAsync(reference, new() { Enabled = false }, cancellationToken), "Trigger disabled successfully");

    public static async Task<Envelope<Trigger>> EnableWebhookAsync(
        [FromRoute(Name = "ref")] string reference, HttpRequest request, ITriggerRepository triggers, CancellationToken cancellationToken)
    {
        // Settings that are given hold before the webhook is open.
        if (request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true } && request.ContentLength is not 0
            && (await RequestBody.ReadObjectAsync(request, MaxBodyBytes, "a trigger", cancellationToken)).Given("webhook_config") is { } config)
        {
            Found(reference, await triggers.UpdateAsync(reference, new() { WebhookConfig = config }, cancellationToken));
        }

        return Found(reference, await triggers.EnableWebhookAsync(reference, cancellationToken), "Webhook enabled successfully");
    }

    public static async Task<Envelope<Trigger>> DisableWebhookAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.DisableWebhookAsync(reference, cancellationToken), "Webhook disabled successfully");

    public static async Task<Envelope<Trigger>> RegenerateWebhookAsync(
        [FromRoute(Name = "ref")] string reference, ITriggerRepository triggers, CancellationToken cancellationToken) =>
        Found(reference, await triggers.RegenerateWebhookAsync(reference, cancellationToken), "Webhook key regenerated successfully");

    private static Envelope<Trigger> Found(string reference, Trigger? trigger, string? message = null) =>
        new(trigger ?? throw Missing(reference), message);

    private static RefusedException Missing(string reference) =>
        RefusedException.NotFound($"Trigger '{Reference.Shown(reference)}' not found");
}
