using System.Data;
using System.Data.Common;
using System.Text.Json;
using Attune.Db.Faults;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Ledger;

internal sealed class EventScanner(NpgsqlDataSource database) : IEventScanner
{
    // In seconds, for a part of a scan whose filter has no index of its own.
    private const int Timeout = 20;

    // In seconds, for a few rows that are found by an index.
    private const int ShortTimeout = 5;

    public async Task<Cursor?> ScanAsync(EventScan scan, Action<ScannedEvent> visit, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(scan.TriggerRef))
        {
            return null;
        }

        var (sql, parameters) = Query(scan);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        try
        {
            // Read as it comes in, and a row from left to right: neither the rows nor a large payload are gathered first.
            await using var reader = await connection.ExecuteReaderAsync(
                new CommandDefinition(sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken),
                CommandBehavior.SequentialAccess);
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
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            throw RefusedException.Invalid("since", "The events of a day could not be read in time: ask for a shorter range.");
        }
    }

    public async Task<Cursor?> ScanNewestAsync(
        NewestScan scan, Action<Cursor, ScannedEvent?> visit, CancellationToken cancellationToken)
    {
        if (!EventRepository.CanMatch(scan.Filter))
        {
            return null;
        }

        var (sql, parameters) = NewestQuery(scan);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            await using var reader = await connection.ExecuteReaderAsync(
                new CommandDefinition(sql, parameters, commandTimeout: Timeout, cancellationToken: cancellationToken),
                CommandBehavior.SequentialAccess);
            var shown = 0;
            Cursor? last = null;
            while (await reader.ReadAsync(cancellationToken))
            {
                var at = new Cursor(At: new(reader.GetDateTime(0), TimeSpan.Zero), Id: reader.GetInt64(1));
                visit(at, reader.GetBoolean(2) ? ReadNewest(reader, at, scan) : null);
                last = at;
                shown++;
            }

            return shown < scan.Limit ? null : last;
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            throw RefusedException.Invalid(
                "since", $"Too few events pass the filter to be found within {Timeout} s: narrow the list by since and until, or by its trigger.");
        }
    }

    public async Task<IReadOnlyList<EventSummary>> SummariesAsync(IReadOnlyList<Cursor> places, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {EventRepository.ListColumns}
              FROM event
             WHERE id = ANY (@ids)
               AND created >= @oldest
               AND created <= @newest
             ORDER BY created DESC, id DESC
            """;

        if (places.Count == 0)
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<EventSummary>(new CommandDefinition(
            sql,
            new
            {
                ids = places.Select(place => place.Id).ToArray(), oldest = places.Min(place => place.At), newest = places.Max(place => place.At),
            },
            commandTimeout: ShortTimeout,
            cancellationToken: cancellationToken))
            .OrRefuseAsync("first", "The events that were found could not be read in time: ask for fewer at once.")).AsList();
    }

    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        const string sql = "SELECT created FROM event ORDER BY created, id LIMIT 1";
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DateTimeOffset?>(
            new CommandDefinition(sql, commandTimeout: ShortTimeout, cancellationToken: cancellationToken))
            .OrRefuseAsync("since", "The oldest event could not be found in time: ask for a range of time, by since.");
    }

    internal static (string Sql, object Parameters) NewestQuery(NewestScan scan)
    {
        var page = new PageRequest { After = scan.After };

        // The inner rows are limited before they are tested, so that each call looks at so many and no more.
        var outside = scan.WithConfig ? ", config, source_ref" : "";
        var sql = $"""
            SELECT created, id, wanted, trigger_ref{(scan.WithPayload ? ", CASE WHEN wanted THEN payload END" : "")}
                   {(scan.WithConfig ? ", CASE WHEN wanted THEN config END, source_ref" : "")}
              FROM (SELECT id, created, trigger_ref{(scan.WithPayload ? ", payload" : "")}{outside},
                           {(scan.Necessary.Count == 0 ? "true" : "(payload @> ALL (@necessary::text[]::jsonb[])) IS TRUE")} AS wanted
                      FROM event
                     {EventRepository.Matching(scan.Filter, page)}
                     ORDER BY created DESC, id DESC
                     LIMIT @limit) AS part
             ORDER BY created DESC, id DESC
            """;

        var parameters = new DynamicParameters(EventRepository.Parameters(scan.Filter, page, scan.Range, scan.Limit));
        if (scan.Necessary.Count > 0)
        {
            parameters.Add("necessary", scan.Necessary.ToArray());
        }

        return (sql, parameters);
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

    private static ScannedEvent ReadNewest(DbDataReader reader, Cursor at, NewestScan scan)
    {
        var trigger = reader.GetString(3);
        var column = 4;
        var payload = scan.WithPayload ? ReadJson(reader, column++) : null;
        var config = scan.WithConfig ? ReadJson(reader, column++) : null;
        return new()
        {
            Id = at.Id,
            TriggerRef = trigger,
            Created = at.At,
            Payload = payload,
            Config = config,
            SourceRef = !scan.WithConfig || reader.IsDBNull(column) ? null : reader.GetString(column),
        };
    }

    private static JsonElement? ReadJson(DbDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : JsonElement.Parse(reader.GetFieldValue<byte[]>(column), Json.DocumentOptions);
}
