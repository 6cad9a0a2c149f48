using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Reads and deletes rules; the writer makes and changes them.</summary>
internal sealed class RuleRepository(NpgsqlDataSource database, ICatalogue catalogue, RuleWriter writer) : IRuleRepository
{
    public async Task<Rule?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, ref, pack, pack_ref, label, description, action, action_ref, trigger, trigger_ref, condition, conditions,
                   action_params, trigger_params, enabled, is_adhoc, version, created, updated
              FROM rule
             WHERE ref = @reference
            """;

        if (!StorableText.IsStorable(reference))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Rule>(
            new CommandDefinition(sql, new { reference }, cancellationToken: cancellationToken));
    }

    public async Task<Page<RuleSummary>> ListAsync(RuleFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (new[] { filter.TriggerRef, filter.ActionRef, filter.PackRef }.Any(text => text is not null && !StorableText.IsStorable(text)))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        var where = Where.All(
            (filter.EnabledOnly, "enabled"),
            (filter.TriggerRef is not null, "trigger_ref = @TriggerRef"),
            (filter.ActionRef is not null, "action_ref = @ActionRef"),
            (filter.PackRef is not null, "pack_ref = @PackRef"));
        var sql = $"""
            SELECT id, ref, pack_ref, label, description, action_ref, trigger_ref, enabled, version, created, updated
              FROM rule
             {where}
             ORDER BY ref
            OFFSET @offset
             LIMIT @limit
            """;

        // Ordered by reference, so the cursor carries the place instead of the row.
        var offset = page.After?.Id ?? page.Offset;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<RuleSummary>(new CommandDefinition(
            sql,
            new { filter.TriggerRef, filter.ActionRef, filter.PackRef, offset, limit = page.Size + 1 },
            cancellationToken: cancellationToken))).AsList();
        Total? total = !page.IncludeTotal ? null : Total.Of(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"SELECT count(*) FROM rule {where}", filter, cancellationToken: cancellationToken)));
        return Page.From(rows, page.Size, _ => new(DateTimeOffset.UnixEpoch, offset + page.Size), total);
    }

    public Task<Rule> CreateAsync(NewRule rule, CancellationToken cancellationToken) => writer.CreateAsync(rule, cancellationToken);

    public Task<Rule?> UpdateAsync(string reference, RuleUpdate update, CancellationToken cancellationToken) =>
        writer.UpdateAsync(reference, update, cancellationToken);

    public async Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken) =>
        StorableText.IsStorable(reference) && await catalogue.ChangeAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM rule WHERE ref = @reference", new { reference }, cancellationToken: cancellationToken)),
            cancellationToken) > 0;

    public async Task<IReadOnlyList<RuleVersion>> VersionsAsync(string reference, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT rule, version, rule_ref, trigger_ref, trigger_params, condition, conditions, action_ref, action_params, created
              FROM rule_version
             WHERE rule_ref = @reference
             ORDER BY created DESC, rule DESC, version DESC
             LIMIT 1000
            """;

        if (!StorableText.IsStorable(reference))
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<RuleVersion>(
            new CommandDefinition(sql, new { reference }, cancellationToken: cancellationToken))).AsList();
    }

    public async Task<RuleVersion?> FindVersionAsync(long rule, int version, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT rule, version, rule_ref, trigger_ref, trigger_params, condition, conditions, action_ref, action_params, created
              FROM rule_version
             WHERE rule = @rule
               AND version = @version
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<RuleVersion>(
            new CommandDefinition(sql, new { rule, version }, cancellationToken: cancellationToken));
    }
}
