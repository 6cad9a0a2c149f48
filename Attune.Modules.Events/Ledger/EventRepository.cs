using Attune.Db;
using Attune.Db.Faults;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Ledger;

internal sealed class EventRepository(NpgsqlDataSource database, ListConnections lists, IdRanges ids, TimeProvider clock) : IEventRepository
{
    // In seconds: what a page waits for that is about something else.
    private const int ShortTimeout = 3;

    internal const string FindSql = """
        SELECT id, trigger, trigger_ref, config, payload, source, source_ref, created, rule, rule_ref, replay_of, only_rules
          FROM event
         WHERE id = @id
           AND created >= @Since
           AND created < @Until
        """;

    private const string TooMany = "Too many events would have to be read to find these: narrow the list by since and until, or by its trigger.";

    internal const string ListColumns = """
        id, trigger, trigger_ref, source, source_ref, rule, rule_ref, replay_of, payload IS NOT NULL AS has_payload, created
        """;

    public Task<Event?> FindAsync(long id, CancellationToken cancellationToken) =>
        ids.FindAsync(IdTable.Event, id, async (range, token) =>
        {
            await using var connection = await database.OpenConnectionAsync(token);
            return await connection.QuerySingleOrDefaultAsync<Event>(
                new CommandDefinition(FindSql, new { id, range.Since, range.Until }, cancellationToken: token));
        }, cancellationToken);

    public Task<bool> ExistsAsync(long id, CancellationToken cancellationToken) => ids.ExistsAsync(IdTable.Event, id, cancellationToken);

    public async Task<EventNeighbours> NeighboursAsync(Event of, CancellationToken cancellationToken)
    {
        long? previous = null;
        try
        {
            var older = await ReadAsync(
                new() { TriggerRef = of.TriggerRef }, new() { Size = 1, After = new(of.Created, of.Id) }, ShortTimeout, cancellationToken);
            previous = older.Count > 0 ? older[0].Id : null;
            return new(previous, await NewerAsync(of, cancellationToken));
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            // The event itself is worth a page without them.
            return new(previous, null);
        }
    }

    private async Task<long?> NewerAsync(Event of, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);

        // One that follows most often does so within a day, and then no other chunk is opened.
        var day = of.Created.AddDays(1);
        foreach (var range in (TimeRange[])[new(of.Created, day), new(day, TimeRange.Always.Until)])
        {
            var (sql, parameters) = NewerQuery(of, range);
            if (await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
                sql, parameters, commandTimeout: ShortTimeout, cancellationToken: cancellationToken)) is { } newer)
            {
                return newer;
            }
        }

        return null;
    }

    public async Task<Page<EventSummary>> ListAsync(EventFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (!CanMatch(filter))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        var rows = await ReadAsync(filter, page, timeout: null, cancellationToken).OrRefuseAsync("since", TooMany);
        Total? total = page.IncludeTotal ? await CountAsync(filter, cancellationToken).OrRefuseAsync("since", TooMany) : null;
        return Page.From(rows, page, total);
    }

    private Task<IReadOnlyList<EventSummary>> ReadAsync(
        EventFilter filter, PageRequest page, int? timeout, CancellationToken cancellationToken)
    {
        var windows = TimeWindows.Of(clock.GetUtcNow(), filter.Since, filter.Until, page);
        return TimeWindows.ReadAsync(windows, page.Size + 1, async (range, limit) =>
        {
            var (sql, parameters) = ListQuery(filter, page, range, limit);
            await using var connection = await lists.OpenAsync(range, page, cancellationToken);
            return await connection.QueryAsync<EventSummary>(
                new CommandDefinition(sql, parameters, commandTimeout: timeout, cancellationToken: cancellationToken));
        });
    }

    internal static (string Sql, object Parameters) NewerQuery(Event of, TimeRange range)
    {
        const string sql = """
            SELECT id
              FROM event
             WHERE trigger_ref = @TriggerRef
               AND created >= @Since
               AND created < @Until
               AND (created, id) > (@Created, @Id)
             ORDER BY created, id
             LIMIT 1
            """;

        return (sql, new { of.TriggerRef, of.Created, of.Id, range.Since, range.Until });
    }

    internal static (string Sql, object Parameters) ListQuery(EventFilter filter, PageRequest page, TimeRange range, int limit)
    {
        var sql = $"""
            SELECT {ListColumns}
              FROM event
             {Matching(filter, page)}
             ORDER BY {page.Order()}
             {page.Limit(limit)}
            """;

        return (sql, Parameters(filter, page, range, limit));
    }

    private Task<Total> CountAsync(EventFilter filter, CancellationToken cancellationToken)
    {
        var all = new PageRequest();
        var sql = $"""
            SELECT count(*)
              FROM (SELECT 1
                      FROM event
                     {Matching(filter, all)}
                     LIMIT @limit) AS counted
            """;

        return TimeWindows.CountAsync(
            database, TimeWindows.Of(clock.GetUtcNow(), filter.Since, filter.Until, all),
            (range, limit) => (sql, Parameters(filter, all, range, limit)), timeout: null, cancellationToken);
    }

    internal static object Parameters(EventFilter filter, PageRequest page, TimeRange range, int limit) => new
    {
        range.Since,
        range.Until,
        page.Edge?.At,
        page.Edge?.Id,
        filter.Trigger,
        filter.TriggerRef,
        filter.RuleRef,
        filter.Source,
        filter.SourceRef,
        filter.ReplayOf,
        limit,
    };

    internal static string Matching(EventFilter filter, PageRequest page) => Where.All(
        (true, "created >= @Since AND created < @Until"),
        page.Begins(),
        (filter.Trigger is not null, "trigger = @Trigger"),
        (filter.TriggerRef is not null, "trigger_ref = @TriggerRef"),
        (filter.RuleRef is not null, "rule_ref = @RuleRef"),
        (filter.Source is not null, "source = @Source"),
        (filter.SourceRef is not null, "source_ref = @SourceRef"),
        (filter.ReplayOf is not null, "replay_of = @ReplayOf"));

    internal static bool CanMatch(EventFilter filter) =>
        new[] { filter.TriggerRef, filter.RuleRef, filter.SourceRef }.All(text => text is null || StorableText.IsStorable(text));
}
