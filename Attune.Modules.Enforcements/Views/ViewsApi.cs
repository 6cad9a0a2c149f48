using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Views;

internal static class ViewsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var views = api.MapGroup("/views").WithTags("Saved views");
        views.MapGet("/", ListAsync).WithName("ListViews").WithSummary("Saved views: the shared ones, and those of an owner");
        views.MapPost("/", CreateAsync).WithName("CreateView").WithSummary("Save a view of a list");
        views.MapPatch("/{id}", ChangeAsync).WithName("ChangeView").WithSummary("Rename a view, move it, share it, or change what it shows");
        views.MapDelete("/{id}", DeleteAsync).WithName("DeleteView").WithSummary("Delete a view");
    }

    private static async Task<Envelope<IReadOnlyList<SavedView>>> ListAsync(
        OwnerQuery query, ISavedViews views, CancellationToken cancellationToken) => new(await views.ListAsync(query.Owner, cancellationToken));

    private static async Task<Created<Envelope<SavedView>>> CreateAsync(NewViewBody body, ISavedViews views, CancellationToken cancellationToken)
    {
        var view = await views.CreateAsync(body.ToView(), cancellationToken);
        return TypedResults.Created($"/api/v1/views/{view.Id}", new Envelope<SavedView>(view));
    }

    private static async Task<Envelope<SavedView>> ChangeAsync(
        long id, ViewChangeBody body, OwnerQuery query, ISavedViews views, CancellationToken cancellationToken) =>
        new(await views.ChangeAsync(id, query.Owner, body.ToChange(), cancellationToken) ?? throw NotFound(id));

    private static async Task<NoContent> DeleteAsync(long id, OwnerQuery query, ISavedViews views, CancellationToken cancellationToken) =>
        await views.DeleteAsync(id, query.Owner, cancellationToken) ? TypedResults.NoContent() : throw NotFound(id);

    private static RefusedException NotFound(long id) => RefusedException.NotFound($"View with ID {id} not found");
}

/// <summary>Who asks.</summary>
internal sealed record OwnerQuery : IQuery<OwnerQuery>
{
    public string? Owner { get; init; }
}

/// <summary>A view as a client saves it.</summary>
internal sealed record NewViewBody : IJsonBody<NewViewBody>
{
    public string? Name { get; init; }
    public ViewedPage? Page { get; init; }
    public string? Query { get; init; }
    public string? Owner { get; init; }

    public NewSavedView ToView() => new()
    {
        Name = Name ?? "",
        Page = Page ?? throw RefusedException.Invalid("page", $"page must be one of {string.Join(", ", EnumNames.All<ViewedPage>())}."),
        Query = Query ?? "",
        Owner = Owner,
    };
}

/// <summary>What a client changes of a view.</summary>
internal sealed record ViewChangeBody : IJsonBody<ViewChangeBody>
{
    public string? Name { get; init; }
    public string? Query { get; init; }
    public int? Place { get; init; }
    public bool? Shared { get; init; }

    public SavedViewChange ToChange() => new() { Name = Name, Query = Query, Place = Place, Shared = Shared };
}
