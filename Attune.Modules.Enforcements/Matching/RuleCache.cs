using System.Collections.Immutable;
using Attune.Db;
using Attune.Modules.Events;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>
/// The enabled rules of the triggers that have fired, compiled. It holds for one rule epoch: an append that sees another reads
/// its rules anew, in its own transaction, so a rule counts from the moment its change is committed. Rules that are still at the
/// version they were at are not compiled again: with many rules, each edit of one would hold up the appends.
/// </summary>
internal sealed partial class RuleCache(ILogger<RuleCache> logger)
{
    private static readonly ImmutableDictionary<string, IReadOnlyList<CompiledRule>> Nothing =
        ImmutableDictionary<string, IReadOnlyList<CompiledRule>>.Empty;

    private Snapshot _snapshot = new(-1, Nothing, Nothing);

    public async Task<IReadOnlyDictionary<string, IReadOnlyList<CompiledRule>>> GetAsync(
        AppendContext context, CancellationToken cancellationToken)
    {
        var snapshot = _snapshot;
        if (snapshot.Epoch != context.RuleEpoch)
        {
            snapshot = new(context.RuleEpoch, Nothing, Earlier: snapshot.Rules);
        }

        var missing = context.Events
            .Select(written => written.TriggerRef)
            .Where(trigger => !snapshot.Rules.ContainsKey(trigger))
            .Distinct()
            .ToArray();
        if (missing.Length == 0)
        {
            return snapshot.Rules;
        }

        var read = await ReadAsync(context, missing, cancellationToken);
        snapshot = snapshot with
        {
            Rules = snapshot.Rules.SetItems(missing.Select(trigger =>
                KeyValuePair.Create(trigger, Compile(read[trigger], snapshot.Earlier.GetValueOrDefault(trigger, []))))),
        };

        // Two appends may come here at once: the later one wins, and the other's triggers are read again when they fire.
        _snapshot = snapshot;
        return snapshot.Rules;
    }

    private static async Task<ILookup<string, StoredRule>> ReadAsync(
        AppendContext context, string[] triggers, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT rule.id, rule.ref, rule.version, rule.trigger_ref, rule.condition, rule.conditions, rule.action_params,
                   pack.config AS pack_config
              FROM rule
              LEFT JOIN pack ON pack.id = rule.pack
             WHERE rule.enabled
               AND rule.trigger_ref = ANY(@triggers)
             ORDER BY rule.ref
            """;

        var rules = await context.Connection.QueryAsync<StoredRule>(new CommandDefinition(
            sql, new { triggers }, context.Transaction, cancellationToken: cancellationToken));
        return rules.ToLookup(rule => rule.TriggerRef);
    }

    // A rule that somebody wrote past the repository must not stand in the way of the others.
    private IReadOnlyList<CompiledRule> Compile(IEnumerable<StoredRule> rules, IReadOnlyList<CompiledRule> earlier)
    {
        var known = earlier.ToDictionary(rule => (rule.Stored.Id, rule.Stored.Version));
        var compiled = new List<CompiledRule>();
        foreach (var rule in rules)
        {
            try
            {
                compiled.Add(known.GetValueOrDefault((rule.Id, rule.Version))?.For(rule) ?? CompiledRule.Compile(rule));
            }
            catch (Exception error) when (error is RefusedException or InvalidOperationException)
            {
                Log.CannotCompile(logger, error, rule.Ref, rule.Version);
            }
        }

        return compiled;
    }

    private sealed record Snapshot(
        long Epoch,
        ImmutableDictionary<string, IReadOnlyList<CompiledRule>> Rules,
        ImmutableDictionary<string, IReadOnlyList<CompiledRule>> Earlier);

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error, Message = "Rule {Rule} (version {Version}) cannot be evaluated and is left out until it is changed")]
        public static partial void CannotCompile(ILogger logger, Exception error, string rule, int version);
    }
}
