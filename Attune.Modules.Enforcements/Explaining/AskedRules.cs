using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>Finds the rule, the version or the draft that somebody asks about.</summary>
internal sealed class AskedRules(NpgsqlDataSource database)
{
    /// <param name="subject">What is asked about.</param>
    /// <param name="trigger">The trigger of a draft that names none and is no rule's; null where it must name one.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RefusedException">There is no such rule or version, or the draft is no rule.</exception>
    public async Task<AskedRule> FindAsync(RuleSubject subject, string? trigger, CancellationToken cancellationToken)
    {
        var stored = subject.RuleRef is null ? null : await ReadAsync(subject.RuleRef, null, subject.Version, cancellationToken);
        if (subject.Draft is { } draft)
        {
            var text = Merge(draft, stored, trigger);
            return new() { Text = text, IsDraft = true, Compiled = CompiledRule.Compile(text) };
        }

        return stored is null
            ? throw RefusedException.Invalid("rule", "A rule must be named, or a draft of one given.")
            : Compiled(stored);
    }

    /// <summary>
    /// The rule of a reference at the version that an event met; the newest where there was none yet. After a rule was deleted and another
    /// made under its reference, that is the one that was there.
    /// </summary>
    /// <exception cref="RefusedException">There has never been such a rule.</exception>
    public async Task<AskedRule> FindAsOfAsync(string reference, Event found, CancellationToken cancellationToken)
    {
        // An enforcement says more than any clock: near a change, the two may differ by an instant.
        const string sql = """
            SELECT rule, version
              FROM (SELECT rule, rule_version AS version, created, 0 AS place
                      FROM enforcement
                     WHERE event = @Id
                       AND created = @Created
                       AND rule_ref = @reference
                       AND rule_version IS NOT NULL
                     UNION ALL
                    SELECT rule, version, created, 1
                      FROM rule_version
                     WHERE rule_ref = @reference
                       AND created <= @Created) AS known
             ORDER BY place, created DESC, rule DESC, version DESC
             LIMIT 1
            """;

        if (!StorableText.IsStorable(reference))
        {
            return Compiled(await ReadAsync(reference, null, null, cancellationToken));
        }

        (long Rule, int Version)? then;
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            then = await connection.QuerySingleOrDefaultAsync<(long, int)?>(
                new CommandDefinition(sql, new { found.Id, found.Created, reference }, cancellationToken: cancellationToken));
        }

        return Compiled(await ReadAsync(reference, then?.Rule, then?.Version, cancellationToken));
    }

    /// <summary>What the rule of a reference says now; null when it has been deleted or is not asked about by its name.</summary>
    public async Task<AskedRule?> FindCurrentAsync(string? reference, CancellationToken cancellationToken)
    {
        const string sql = "SELECT EXISTS (SELECT FROM rule WHERE ref = @reference)";

        if (reference is null)
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(sql, new { reference }, cancellationToken: cancellationToken))
            ? await FindAsync(new() { RuleRef = reference }, null, cancellationToken)
            : null;
    }

    /// <summary>A stored rule, ready to be evaluated or with what keeps it from that.</summary>
    public static AskedRule Compiled(StoredRule rule)
    {
        try
        {
            return new() { Text = rule, IsDraft = false, Compiled = CompiledRule.Compile(rule) };
        }
        catch (Exception error) when (error is RefusedException or InvalidOperationException)
        {
            return new() { Text = rule, IsDraft = false, Fault = error.Message };
        }
    }

    // Versions outlive their rule: one that was deleted can still be asked about.
    private async Task<StoredRule> ReadAsync(string reference, long? id, int? version, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT text.rule AS id, text.rule_ref AS ref, text.version, text.trigger_ref, text.condition, text.conditions, text.action_params,
                   text."window", pack.config AS pack_config
              FROM rule_version AS text
              LEFT JOIN rule ON rule.id = text.rule
              LEFT JOIN pack ON pack.id = rule.pack
             WHERE text.rule = coalesce(@id,
                                        (SELECT id FROM rule WHERE ref = @reference),
                                        (SELECT rule FROM rule_version WHERE rule_ref = @reference ORDER BY created DESC, rule DESC LIMIT 1))
               AND text.version = coalesce(@version, text.version)
             ORDER BY text.version DESC
             LIMIT 1
            """;

        var rule = StorableText.IsStorable(reference) ? await OneAsync() : null;
        return rule ?? throw (version is null
            ? new RefusedException(RefusalKind.NotFound, "rule", $"Rule '{Reference.Shown(reference)}' not found")
            : new RefusedException(RefusalKind.NotFound, "version", $"Rule '{Reference.Shown(reference)}' has no version {version}"));

        async Task<StoredRule?> OneAsync()
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await connection.QuerySingleOrDefaultAsync<StoredRule>(
                new CommandDefinition(sql, new { reference, id, version }, cancellationToken: cancellationToken));
        }
    }

    private static StoredRule Merge(RuleDraft draft, StoredRule? rule, string? trigger)
    {
        var text = new StoredRule
        {
            Id = rule?.Id ?? 0,
            Ref = rule?.Ref ?? "",
            Version = rule?.Version ?? 0,
            TriggerRef = draft.TriggerRef ?? rule?.TriggerRef ?? trigger
                ?? throw RefusedException.Invalid("trigger_ref", "trigger_ref must be given: the draft is no rule's."),
            Condition = draft.Condition ?? rule?.Condition ?? ConditionJoin.All,
            Conditions = draft.Conditions ?? rule?.Conditions ?? RuleChecks.NoConditions,
            ActionParams = JsonValues.Given(draft.ActionParams) ?? rule?.ActionParams ?? RuleChecks.NoParameters,
            Window = JsonValues.Given(draft.Window) ?? rule?.Window,
            PackConfig = rule?.PackConfig,
        };
        StorableText.Check(text.TriggerRef, "trigger_ref", 1_000, required: true);
        return text;
    }
}
