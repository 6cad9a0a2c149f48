using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Reads and deletes rules; the writer makes and changes them.</summary>
internal sealed class RuleRepository(NpgsqlDataSource database, ICatalogue catalogue, RuleWriter writer) : IRuleRepository
{
    // Parameters and conditions may be large, and a rule may have many versions.
    internal const string VersionListSql = """
        SELECT rule, version, rule_ref, trigger_ref, condition, action_ref, created
          FROM rule_version
         WHERE rule_ref = @reference
         ORDER BY created DESC, rule DESC, version DESC
        OFFSET @Place
         LIMIT @limit
        """;

    // Of the rules that have had the reference, the last one counts.
    internal const string VersionByReferenceSql = $"""
        SELECT {VersionColumns}
          FROM rule_version
         WHERE rule = coalesce((SELECT id FROM rule WHERE ref = @reference),
                               (SELECT rule FROM rule_version WHERE rule_ref = @reference ORDER BY created DESC, rule DESC LIMIT 1))
           AND version = @version
        """;

    private const string VersionColumns =
        "rule, version, rule_ref, trigger_ref, trigger_params, condition, conditions, action_ref, action_params, \"window\", created";

    public async Task<Rule?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {RuleWriter.Columns}
              FROM rule
             WHERE ref = @reference;

            SELECT count, last_reason, last_event, last_at, since
              FROM rule_fault
             WHERE rule = (SELECT id FROM rule WHERE ref = @reference);

            SELECT coalesce((SELECT sum(held_back) FROM rule_window WHERE rule = found.id), 0)::bigint
                   + coalesce((SELECT held_back FROM rule_held_back WHERE rule = found.id), 0)
              FROM (SELECT (SELECT id FROM rule WHERE ref = @reference) AS id) AS found;
            """;

        if (!StorableText.IsStorable(reference))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        using var reader = await connection.QueryMultipleAsync(
            new CommandDefinition(sql, new { reference }, cancellationToken: cancellationToken));
        return await reader.ReadSingleOrDefaultAsync<Rule>() is { } rule
            ? rule with
            {
                Faults = await reader.ReadSingleOrDefaultAsync<RuleFaultRecord>(),
                HeldBack = await reader.ReadSingleAsync<long>(),
                Expression = TextOf(rule),
            }
            : null;
    }

    // What somebody wrote past the checks has no text.
    private static string? TextOf(Rule rule)
    {
        try
        {
            return RuleConditions.TextOf(rule.Conditions, rule.Condition) is { Length: > 0 } text ? text : null;
        }
        catch (RefusedException)
        {
            return null;
        }
    }

    public async Task<Page<RuleSummary>> ListAsync(RuleFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (new[] { filter.TriggerRef, filter.ActionRef, filter.PackRef }.Any(text => text is not null && !StorableText.IsStorable(text)))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        var where = Where.All(
            (filter.EnabledOnly, "enabled"),
            (filter.States.Count > 0, $"{RuleStates.Name} = ANY(@states)"),
            (filter.TriggerRef is not null, "trigger_ref = @TriggerRef"),
            (filter.ActionRef is not null, "action_ref = @ActionRef"),
            (filter.PackRef is not null, "pack_ref = @PackRef"));
        var sql = $"""
            SELECT id, ref, pack_ref, label, description, action_ref, trigger_ref, enabled, shadow, paused_at, version, created, updated
              FROM rule
             {where}
             ORDER BY ref
            OFFSET @Place
             LIMIT @limit
            """;

        var states = filter.States.Select(EnumNames.Of).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<RuleSummary>(new CommandDefinition(
            sql,
            new { filter.TriggerRef, filter.ActionRef, filter.PackRef, states, page.Place, limit = page.Size + 1 },
            cancellationToken: cancellationToken))).AsList();
        Total? total = !page.IncludeTotal ? null : Total.Of(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"SELECT count(*) FROM rule {where}", new { filter.TriggerRef, filter.ActionRef, filter.PackRef, states },
            cancellationToken: cancellationToken)));
        return Page.FromPlace(rows, page, total);
    }

    public async Task<Rule> CreateAsync(NewRule rule, CancellationToken cancellationToken)
    {
        var created = await writer.CreateAsync(rule, cancellationToken);
        return created with { Expression = TextOf(created) };
    }

    public async Task<Rule?> UpdateAsync(string reference, RuleUpdate update, CancellationToken cancellationToken) =>
        await writer.UpdateAsync(reference, update, cancellationToken) is { } changed
            ? changed with { Expression = TextOf(changed) }
            : null;

    public async Task<Applied<Rule>> ApplyAsync(NewRule rule, CancellationToken cancellationToken)
    {
        var applied = await AppliedRules.ApplyAsync(catalogue, writer, rule, cancellationToken);
        return applied with { After = applied.After with { Expression = TextOf(applied.After) } };
    }

    public async Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken) =>
        StorableText.IsStorable(reference) && await catalogue.ChangeAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM rule WHERE ref = @reference", new { reference }, cancellationToken: cancellationToken)),
            cancellationToken) > 0;

    public async Task<Page<RuleVersionSummary>> ListVersionsAsync(string reference, PageRequest page, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(reference))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<RuleVersionSummary>(new CommandDefinition(
            VersionListSql, new { reference, page.Place, limit = page.Size + 1 }, cancellationToken: cancellationToken))).AsList();
        Total? total = !page.IncludeTotal ? null : Total.Of(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "SELECT count(*) FROM rule_version WHERE rule_ref = @reference", new { reference }, cancellationToken: cancellationToken)));
        return Page.FromPlace(rows, page, total);
    }

    public Task<RuleVersion?> FindVersionAsync(long rule, int version, CancellationToken cancellationToken) =>
        VersionAsync(
            $"SELECT {VersionColumns} FROM rule_version WHERE rule = @rule AND version = @version", new { rule, version },
            cancellationToken);

    public async Task<RuleVersion?> FindVersionAsync(string reference, int version, CancellationToken cancellationToken) =>
        StorableText.IsStorable(reference)
            ? await VersionAsync(VersionByReferenceSql, new { reference, version }, cancellationToken) : null;

    private async Task<RuleVersion?> VersionAsync(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<RuleVersion>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }
}
