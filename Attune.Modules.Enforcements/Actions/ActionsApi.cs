using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Attune.Modules.Enforcements.Actions;

internal static class ActionsApi
{
    public static async Task<Listing<ActionSummary>> ListAsync(PageQuery page, IActionRepository actions, CancellationToken cancellationToken) =>
        page.Listing(await actions.ListAsync(page.Request, cancellationToken));

    public static async Task<Envelope<Action>> FindAsync(
        [FromRoute(Name = "ref")] string reference, IActionRepository actions, CancellationToken cancellationToken) =>
        new(await actions.FindAsync(reference, cancellationToken)
            ?? throw Missing(reference));

    public static async Task<Created<Envelope<Action>>> CreateAsync(
        ActionBody body, IActionRepository actions, CancellationToken cancellationToken)
    {
        var action = await actions.CreateAsync(new()
        {
            Ref = body.Ref ?? "",
            PackRef = body.PackRef,
            Label = body.Label ?? "",
            Description = body.Description,
            ParamSchema = JsonValues.Given(body.ParamSchema),
            OutSchema = JsonValues.Given(body.OutSchema),
            TimeoutSeconds = body.TimeoutSeconds,
            MaxRetries = body.MaxRetries ?? 0,
        }, cancellationToken);
        return TypedResults.Created(
            $"/api/v1/actions/{Uri.EscapeDataString(action.Ref)}", new Envelope<Action>(action, "Action created successfully"));
    }

    public static async Task<Envelope<Action>> UpdateAsync(
        [FromRoute(Name = "ref")] string reference, ActionBody body, IActionRepository actions, CancellationToken cancellationToken) =>
        new(await actions.UpdateAsync(reference, new()
        {
            Label = body.Label,
            Description = body.Description,
            ParamSchema = JsonValues.Given(body.ParamSchema),
            OutSchema = JsonValues.Given(body.OutSchema),
            TimeoutSeconds = body.TimeoutSeconds,
            MaxRetries = body.MaxRetries,
        }, cancellationToken) ?? throw Missing(reference), "Action updated successfully");

    public static async Task<Deleted> DeleteAsync(
        [FromRoute(Name = "ref")] string reference, IActionRepository actions, CancellationToken cancellationToken) =>
        await actions.DeleteAsync(reference, cancellationToken)
            ? new($"Action '{reference}' deleted successfully")
            : throw Missing(reference);

    private static RefusedException Missing(string reference) =>
        RefusedException.NotFound($"Action '{Reference.Shown(reference)}' not found");
}

/// <summary>An action as a client sends it. What is missing is told by the checks of the repository, which name the field.</summary>
internal sealed record ActionBody
{
    public string? Ref { get; init; }
    public string? PackRef { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }
    public int? TimeoutSeconds { get; init; }
    public int? MaxRetries { get; init; }
}
