using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Attune.Modules.History.History;

internal static class HistoryApi
{
    public static Task<Listing<HistoryEntry>> OfTypeAsync(
        [FromRoute(Name = "entity_type")] string entityType, PageQuery page, HttpRequest request, IHistoryRepository history, CancellationToken cancellationToken)
    {
        var type = HistoryEntityTypes.TryParse(entityType)
            ?? throw new RefusedException(RefusalKind.Malformed, "entity_type",
                $"unknown history entity type '{StorableText.Excerpt(entityType)}'; expected one of: execution, worker");
        return ListAsync(type, Filter(request, QueryValues.Number(request, "entity_id")), page, history, cancellationToken);
    }

    public static Task<Listing<HistoryEntry>> OfExecutionAsync(
        long id, PageQuery page, HttpRequest request, IHistoryRepository history, CancellationToken cancellationToken) =>
        ListAsync(HistoryEntityType.Execution, Filter(request, id), page, history, cancellationToken);

    public static Task<Listing<HistoryEntry>> OfWorkerAsync(
        long id, PageQuery page, HttpRequest request, IHistoryRepository history, CancellationToken cancellationToken) =>
        ListAsync(HistoryEntityType.Worker, Filter(request, id), page, history, cancellationToken);

    private static async Task<Listing<HistoryEntry>> ListAsync(
        HistoryEntityType type, HistoryFilter filter, PageQuery page, IHistoryRepository history, CancellationToken cancellationToken) =>
        page.Listing(await history.ListAsync(type, filter, page.Request, cancellationToken));

    private static HistoryFilter Filter(HttpRequest request, long? entityId) => new()
    {
        EntityId = entityId,
        EntityRef = QueryValues.Text(request, "entity_ref"),
        Operation = Operation(request),
        ChangedField = QueryValues.Text(request, "changed_field"),
        Since = QueryValues.Instant(request, "since"),
        // Both ends are inclusive on this route, as its clients know it; a microsecond is the finest that is stored.
        Until = QueryValues.Instant(request, "until")?.AddMicroseconds(1),
    };

    private static string? Operation(HttpRequest request) => QueryValues.Text(request, "operation")?.ToUpperInvariant() switch
    {
        null => null,
        "INSERT" => "INSERT",
        "UPDATE" => "UPDATE",
        "DELETE" => "DELETE",
        _ => throw new RefusedException(RefusalKind.Malformed, "operation", "operation must be one of: INSERT, UPDATE, DELETE."),
    };
}
