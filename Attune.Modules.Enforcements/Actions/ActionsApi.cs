using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Actions;

internal static class ActionsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var actions = api.MapGroup("/actions").WithTags("Actions");
        actions.MapGet("/", ListAsync).WithName("ListActions").WithSummary("Actions, by reference");
        actions.MapPost("/", CreateAsync).WithName("CreateAction").WithSummary("Make an action for workers of one's own");
        actions.MapGet("/{ref}", FindAsync).WithName("GetAction").WithSummary("An action, with what it takes");
        actions.MapPut("/{ref}", UpdateAsync).WithName("UpdateAction").WithSummary("Change an action; what is left out stays");
        actions.MapDelete("/{ref}", DeleteAsync).WithName("DeleteAction").WithSummary("Delete an action; its rules and executions stay");
    }

    private static async Task<Listing<ActionSummary>> ListAsync(
        PageQuery query, IActionRepository actions, CancellationToken cancellationToken) =>
        query.Listing(await actions.ListAsync(query.Request, cancellationToken));

    private static async Task<Envelope<Action>> FindAsync(
        [FromRoute(Name = "ref")] string reference, IActionRepository actions, CancellationToken cancellationToken) =>
        new(await actions.FindAsync(reference, cancellationToken)
            ?? throw Missing(reference));

    private static async Task<Created<Envelope<Action>>> CreateAsync(
        NewActionBody body, IActionRepository actions, CancellationToken cancellationToken)
    {
        var action = await actions.CreateAsync(body.ToAction(), cancellationToken);
        return TypedResults.Created(
            $"/api/v1/actions/{Uri.EscapeDataString(action.Ref)}", new Envelope<Action>(action, "Action created successfully"));
    }

    private static async Task<Envelope<Action>> UpdateAsync(
        [FromRoute(Name = "ref")] string reference, ActionUpdateBody body, IActionRepository actions,
        CancellationToken cancellationToken) =>
        new(await actions.UpdateAsync(reference, body.ToUpdate(), cancellationToken) ?? throw Missing(
            reference), "Action updated successfully");

    private static async Task<Deleted> DeleteAsync(
        [FromRoute(Name = "ref")] string reference, IActionRepository actions, CancellationToken cancellationToken) =>
        await actions.DeleteAsync(reference, cancellationToken)
            ? new($"Action '{reference}' deleted successfully")
            : throw Missing(reference);

    private static RefusedException Missing(string reference) =>
        RefusedException.NotFound($"Action '{Reference.Shown(reference)}' not found");
}
