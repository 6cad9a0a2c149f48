using Attune.Db;
using Dapper;
using Npgsql;

namespace Attune.Modules.History.History;

internal sealed class HistoryRepository(NpgsqlDataSource database, IdRanges ids) : IHistoryRepository
{
    public async Task<Page<HistoryEntry>> ListAsync(
        HistoryEntityType type, HistoryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        // Nothing happens to an execution before it exists, so its id tells which older chunks need not be looked at.
        if (type == HistoryEntityType.Execution && filter is { EntityId: { } id, Since: null })
        {
            var hint = await ids.HintAsync(IdTable.Execution, id, cancellationToken);
            var hinted = await ReadAsync(type, filter with { Since = hint.Since }, page, cancellationToken);
            if (hinted.Items.Count > 0 || hint == TimeRange.Always)
            {
                return hinted;
            }
        }

        return await ReadAsync(type, filter, page, cancellationToken);
    }

    private async Task<Page<HistoryEntry>> ReadAsync(
        HistoryEntityType type, HistoryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        var (sql, parameters) = ListQuery(type, filter, page);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<HistoryEntry>(new CommandDefinition(
            sql, parameters, cancellationToken: cancellationToken))).AsList();
        Total? total = page.IncludeTotal
            ? Total.Of(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                CountQuery(type, filter), parameters, cancellationToken: cancellationToken)))
            : null;
        return Page.From(rows, page.Size, row => new Cursor(row.Time, row.Sequence), total);
    }

    internal static (string Sql, object Parameters) ListQuery(HistoryEntityType type, HistoryFilter filter, PageRequest page)
    {
        // A row comparison orders correctly but prunes no partition; the plain bound beside it does.
        var sql = $"""
            SELECT time, sequence, operation, entity_id, entity_ref, changed_fields, old_values, new_values
              FROM {Table(type)}
             {Matching(filter, page.After is not null)}
             ORDER BY time DESC, sequence DESC
             LIMIT @Limit OFFSET @Offset
            """;

        return (sql, new
        {
            filter.EntityId,
            filter.EntityRef,
            filter.Operation,
            filter.ChangedField,
            filter.Since,
            filter.Until,
            page.After?.At,
            page.After?.Id,
            Limit = page.Size + 1,
            page.Offset,
            CountedAtMost = Total.CountedAtMost + 1,
        });
    }

    private static string CountQuery(HistoryEntityType type, HistoryFilter filter) => $"""
        SELECT count(*)
          FROM (SELECT 1
                  FROM {Table(type)}
                 {Matching(filter, paged: false)}
                 LIMIT @CountedAtMost) AS counted
        """;

    private static string Matching(HistoryFilter filter, bool paged) => Where.All(
        (filter.Since is not null, "time >= @Since"),
        (filter.Until is not null, "time < @Until"),
        (paged, "time <= @At AND (time, sequence) < (@At, @Id)"),
        (filter.EntityId is not null, "entity_id = @EntityId"),
        (filter.EntityRef is not null, "entity_ref = @EntityRef"),
        (filter.Operation is not null, "operation = @Operation"),
        (filter.ChangedField is not null, "changed_fields @> ARRAY[@ChangedField]"));

    // From the closed set of types, never from outside.
    private static string Table(HistoryEntityType type) =>
        type == HistoryEntityType.Execution ? "execution_history" : "worker_history";
}
