using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.History.History;

internal static class HistoryApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/history/{entity_type}", OfTypeAsync)
            .WithName("ListHistory").WithTags("History").WithSummary("Changes of executions or workers, newest first");
        api.MapGet("/executions/{id}/history", OfExecutionAsync)
            .WithName("ListHistoryOfExecution").WithTags("History").WithSummary("Changes of an execution, newest first");
        api.MapGet("/workers/{id}/history", OfWorkerAsync)
            .WithName("ListHistoryOfWorker").WithTags("History").WithSummary("Changes of a worker, newest first");
    }

    private static Task<Listing<HistoryEntry>> OfTypeAsync(
        [FromRoute(Name = "entity_type")] string entityType, HistoryListQuery query, IHistoryRepository history,
        CancellationToken cancellationToken)
    {
        var type = HistoryEntityTypes.TryParse(entityType)
            ?? throw new RefusedException(RefusalKind.Malformed, "entity_type",
                $"unknown history entity type '{StorableText.Excerpt(entityType)}'; expected one of: execution, worker");
        return ListAsync(type, query.ToFilter(query.EntityId), query, history, cancellationToken);
    }

    private static Task<Listing<HistoryEntry>> OfExecutionAsync(
        long id, HistoryOfEntityQuery query, IHistoryRepository history, CancellationToken cancellationToken) =>
        ListAsync(HistoryEntityType.Execution, query.ToFilter(id), query, history, cancellationToken);

    private static Task<Listing<HistoryEntry>> OfWorkerAsync(
        long id, HistoryOfEntityQuery query, IHistoryRepository history, CancellationToken cancellationToken) =>
        ListAsync(HistoryEntityType.Worker, query.ToFilter(id), query, history, cancellationToken);

    private static async Task<Listing<HistoryEntry>> ListAsync(
        HistoryEntityType type, HistoryFilter filter, ListQuery query, IHistoryRepository history, CancellationToken cancellationToken) =>
        query.Listing(await history.ListAsync(type, filter, query.Request, cancellationToken));
}

/// <summary>Which changes to list, as an address says it.</summary>
internal abstract record HistoryFilterQuery : ListQuery
{
    public string? EntityRef { get; init; }

    /// <summary>Upper or lower case alike.</summary>
    public string? Operation { get; init; }

    public string? ChangedField { get; init; }
    public DateTimeOffset? Since { get; init; }

    /// <summary>Inclusive on this route, as its clients know it.</summary>
    public DateTimeOffset? Until { get; init; }

    public HistoryFilter ToFilter(long? entityId) => new()
    {
        EntityId = entityId,
        EntityRef = EntityRef,
        Operation = Operation?.ToUpperInvariant() switch
        {
            null => null,
            "INSERT" or "UPDATE" or "DELETE" => Operation.ToUpperInvariant(),
            _ => throw new RefusedException(RefusalKind.Malformed, "operation", "operation must be one of: INSERT, UPDATE, DELETE."),
        },
        ChangedField = ChangedField,
        Since = Since,
        // A microsecond is the finest that is stored, and the last one of all time has none after it.
        Until = Until < DateTimeOffset.MaxValue.AddMicroseconds(-1) ? Until.Value.AddMicroseconds(1) : Until,
    };
}

internal sealed record HistoryListQuery : HistoryFilterQuery, IQuery<HistoryListQuery>
{
    public long? EntityId { get; init; }
}

/// <summary>The entity stands in the path.</summary>
internal sealed record HistoryOfEntityQuery : HistoryFilterQuery, IQuery<HistoryOfEntityQuery>;
