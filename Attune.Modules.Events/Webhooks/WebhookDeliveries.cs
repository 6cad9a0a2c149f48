using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The rows of deliveries.</summary>
internal sealed class WebhookDeliveries(NpgsqlDataSource database, ListConnections lists, TimeProvider clock)
{
    // Rows are kept for a fortnight, and a day for the chunk that they are in.
    private static readonly TimeSpan Kept = TimeSpan.FromDays(16);

    // A host whose clock is ahead writes rows that are yet to come.
    private static readonly TimeSpan ClockDifference = TimeSpan.FromHours(1);

    internal const string FindSql = """
        SELECT id, received, trigger_ref, outcome, status, reason, method, content_type, delivery, source_ip, size, duration_ms, event,
               event_created, events, accepted, body_is_whole, body AS body_bytes, said
          FROM webhook_delivery
         WHERE id = @id
           AND trigger_ref = @triggerRef
           AND received >= @since
           AND received < @until
        """;

    public async Task<Page<DeliverySummary>> ListAsync(DeliveryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(filter.TriggerRef))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        var windows = TimeWindows.Of(clock.GetUtcNow(), filter.Since, filter.Until, page);
        var rows = await TimeWindows.ReadAsync(windows, page.Size + 1, async (range, limit) =>
        {
            var (sql, parameters) = ListQuery(filter, page, range, limit);
            await using var connection = await lists.OpenAsync(range, page, cancellationToken);
            return await connection.QueryAsync<DeliverySummary>(
                new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        });
        Total? total = page.IncludeTotal ? await CountAsync(filter, cancellationToken) : null;
        return Page.From(rows, page.Size, row => new Cursor(row.Received, row.Id), total);
    }

    public async Task<DeliveryDetail?> FindAsync(string triggerRef, long id, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(triggerRef))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<DeliveryDetail>(new CommandDefinition(
            FindSql,
            new { id, triggerRef, since = clock.GetUtcNow() - Kept, until = clock.GetUtcNow() + ClockDifference },
            cancellationToken: cancellationToken));
    }

    /// <summary>Counts the outcomes of deliveries; those that were not taken along the index that they have.</summary>
    public async Task<DeliveryCounts> CountAsync(string triggerRef, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(triggerRef))
        {
            return new(0, 0, 0, IsMinimum: false);
        }

        var counts = new List<Total>();
        foreach (var outcome in Enum.GetValues<DeliveryOutcome>())
        {
            counts.Add(await CountAsync(new() { TriggerRef = triggerRef, Outcomes = [outcome], Since = since }, cancellationToken));
        }

        return new(counts[0].Items, counts[1].Items, counts[2].Items, counts.Any(count => count.IsMinimum));
    }

    /// <summary>Notes that a refused delivery became an event after all; one that has one already keeps it.</summary>
    public async Task AcceptAsync(DeliveryDetail delivery, WebhookTaken taken, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE webhook_delivery
               SET event = @Id, event_created = @Created, events = @Count, accepted = now()
             WHERE id = @delivery
               AND received = @Received
               AND accepted IS NULL
            """;

        var first = taken.Events.Count > 0 ? taken.Events[0] : null;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            sql,
            new { first?.Id, first?.Created, taken.Events.Count, delivery = delivery.Id, delivery.Received },
            cancellationToken: cancellationToken));
    }

    internal static (string Sql, object Parameters) ListQuery(DeliveryFilter filter, PageRequest page, TimeRange range, int limit)
    {
        // A row comparison orders correctly but prunes no partition; the plain bound beside it does.
        var sql = $"""
            SELECT id, received, trigger_ref, outcome, status, reason, content_type, delivery, source_ip, size, duration_ms, event, events,
                   accepted
              FROM webhook_delivery
             {Matching(filter, page.After is not null)}
             ORDER BY received DESC, id DESC
             {page.Limit(limit)}
            """;

        return (sql, Parameters(filter, page, range, limit));
    }

    private Task<Total> CountAsync(DeliveryFilter filter, CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT count(*)
              FROM (SELECT 1
                      FROM webhook_delivery
                     {Matching(filter, paged: false)}
                     LIMIT @limit) AS counted
            """;

        var all = new PageRequest();
        return TimeWindows.CountAsync(
            database, TimeWindows.Of(clock.GetUtcNow(), filter.Since, filter.Until, all),
            (range, limit) => (sql, Parameters(filter, all, range, limit)), timeout: null, cancellationToken);
    }

    private static object Parameters(DeliveryFilter filter, PageRequest page, TimeRange range, int limit) => new
    {
        range.Since,
        range.Until,
        page.After?.At,
        page.After?.Id,
        filter.TriggerRef,
        limit,
    };

    // Outcomes are spelled out, so that the index of what was not taken serves.
    private static string Matching(DeliveryFilter filter, bool paged)
    {
        var outcomes = filter.Outcomes.Distinct().ToList();
        return Where.All(
            (true, "trigger_ref = @TriggerRef AND received >= @Since AND received < @Until"),
            (paged, "received <= @At AND (received, id) < (@At, @Id)"),
            (outcomes.Count == 1, $"outcome = '{(outcomes.Count == 1 ? EnumNames.Of(outcomes[0]) : "")}'"),
            (outcomes.Count == 2, $"outcome IN ({string.Join(", ", outcomes.Select(one => $"'{EnumNames.Of(one)}'"))})"));
    }
}
