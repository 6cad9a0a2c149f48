using System.Data;
using System.Data.Common;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Ledger;

internal sealed class EventScanner(NpgsqlDataSource database) : IEventScanner
{
    public async Task<Cursor?> ScanAsync(EventScan scan, Action<ScannedEvent> visit, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(scan.TriggerRef))
        {
            return null;
        }

        var (sql, parameters) = Query(scan);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // Read as it comes in, and a row from left to right: neither the rows nor a large payload are gathered first.
        await using var reader = await connection.ExecuteReaderAsync(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken), CommandBehavior.SequentialAccess);
        var shown = 0;
        Cursor? last = null;
        while (await reader.ReadAsync(cancellationToken))
        {
            var row = Read(reader, scan);
            visit(row);
            last = new(row.Created, row.Id);
            shown++;
        }

        return shown < scan.Limit ? null : last;
    }

    internal static (string Sql, object Parameters) Query(EventScan scan)
    {
        // A row comparison orders correctly but prunes no partition; the plain bound beside it does.
        var sql = $"""
            SELECT id, created, rule, rule_ref, only_rules, payload{(scan.WithConfig ? ", config, source_ref" : "")}
              FROM event
             WHERE trigger_ref = @TriggerRef
               AND created >= @Since
               AND created < @Until
               {(scan.After is null ? "" : "AND (created, id) > (@At, @Id)")}
             ORDER BY created, id
             LIMIT @Limit
            """;

        return (sql, new
        {
            scan.TriggerRef,
            Since = scan.After is { } after && after.At > scan.Since ? after.At : scan.Since,
            scan.Until,
            scan.After?.At,
            scan.After?.Id,
            scan.Limit,
        });
    }

    private static ScannedEvent Read(DbDataReader reader, EventScan scan)
    {
        var id = reader.GetInt64(0);
        var created = new DateTimeOffset(reader.GetDateTime(1), TimeSpan.Zero);
        long? rule = reader.IsDBNull(2) ? null : reader.GetInt64(2);
        var ruleRef = reader.IsDBNull(3) ? "" : reader.GetString(3);
        return new()
        {
            Id = id,
            TriggerRef = scan.TriggerRef,
            Created = created,
            Target = rule is null ? null : new(rule.Value, ruleRef),
            OnlyRules = reader.IsDBNull(4) ? null : reader.GetFieldValue<string[]>(4),
            Payload = ReadJson(reader, 5),
            Config = scan.WithConfig ? ReadJson(reader, 6) : null,
            SourceRef = !scan.WithConfig || reader.IsDBNull(7) ? null : reader.GetString(7),
        };
    }

    private static JsonElement? ReadJson(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : JsonElement.Parse(reader.GetFieldValue<byte[]>(column), Json.DocumentOptions);
}
