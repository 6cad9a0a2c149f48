using Attune.Db;
using Attune.Db.Faults;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Enforcements;

internal sealed class EnforcementRepository(
    NpgsqlDataSource database, ListConnections lists, IdRanges ids, TimeProvider clock) : IEnforcementRepository
{
    private const string TooMany =
        "Too many enforcements would have to be read to find these: narrow the list by since and until, or by its rule.";

    internal const string FindSql = """
        SELECT id, rule, rule_ref, rule_version, trigger_ref, config, event, status, payload, condition, conditions, created, resolved_at, shadow,
               CASE WHEN status = 'created'
                    THEN (SELECT reason FROM resolution_failure WHERE resolution_failure.enforcement = enforcement.id)
               END AS pending_reason
          FROM enforcement
         WHERE id = @id
           AND created >= @Since
           AND created < @Until
        """;

    public Task<Enforcement?> FindAsync(long id, CancellationToken cancellationToken) =>
        ids.FindAsync(IdTable.Enforcement, id, async (range, token) =>
        {
            await using var connection = await database.OpenConnectionAsync(token);
            return await connection.QuerySingleOrDefaultAsync<Enforcement>(
                new CommandDefinition(FindSql, new { id, range.Since, range.Until }, cancellationToken: token));
        }, cancellationToken);

    public Task<bool> ExistsAsync(long id, CancellationToken cancellationToken) => ids.ExistsAsync(IdTable.Enforcement, id, cancellationToken);

    public async Task<Page<EnforcementSummary>> ListAsync(
        EnforcementFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (!CanMatch(filter))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        filter = await WithRuleRefAsync(filter, cancellationToken);

        // An enforcement has its event's created, and so its event's chunk.
        if (filter.Event is { } id
            && (await ids.HintAsync(IdTable.Event, id, cancellationToken)).Within(filter.Since, filter.Until) is { } hint
            && await ReadAsync(filter, page, [hint], cancellationToken).OrRefuseAsync("since", TooMany) is { Items.Count: > 0 } found)
        {
            return found;
        }

        return await ReadAsync(filter, page, TimeWindows.Of(clock.GetUtcNow(), filter.Since, filter.Until, page), cancellationToken)
            .OrRefuseAsync("since", TooMany);
    }

    internal static bool CanMatch(EnforcementFilter filter) =>
        new[] { filter.RuleRef, filter.TriggerRef }.All(text => text is null || StorableText.IsStorable(text));

    private async Task<Page<EnforcementSummary>> ReadAsync(
        EnforcementFilter filter, PageRequest page, IReadOnlyList<TimeRange> windows, CancellationToken cancellationToken)
    {
        var rows = await TimeWindows.ReadAsync(windows, page.Size + 1, async (range, limit) =>
        {
            var (sql, parameters) = EnforcementQueries.List(filter, page, range, limit);
            await using var connection = await lists.OpenAsync(range, page, cancellationToken);
            return await connection.QueryAsync<EnforcementSummary>(
                new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
        });
        Total? total = page.IncludeTotal
            ? await TimeWindows.CountAsync(
                database, windows, (range, limit) => EnforcementQueries.Count(filter, range, limit), timeout: null, cancellationToken)
            : null;
        return Page.From(rows, page, total);
    }

    // Rows are indexed by the rule's reference, which it keeps for life, and its versions outlive it.
    private async Task<EnforcementFilter> WithRuleRefAsync(EnforcementFilter filter, CancellationToken cancellationToken)
    {
        const string sql = "SELECT rule_ref FROM rule_version WHERE rule = @Rule ORDER BY version LIMIT 1";

        if (filter.Rule is null || filter.RuleRef is not null)
        {
            return filter;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return filter with
        {
            RuleRef = await connection.ExecuteScalarAsync<string?>(
                new CommandDefinition(sql, new { filter.Rule }, cancellationToken: cancellationToken)),
        };
    }
}
