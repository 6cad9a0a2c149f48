using Attune.Modules.Enforcements.Rules;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>
/// The rules of the triggers that have fired. It holds for one rule epoch; a transaction that sees another reads what has changed since,
/// so a rule counts from the moment its change is committed, and costs what one rule costs however many there are.
/// </summary>
// Its semaphore is never disposed: whoever waits for it then would wait for ever.
#pragma warning disable CA1001
internal sealed class RuleCache(NpgsqlDataSource database)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly Lock _publishing = new();
    private RuleSet _rules = RuleSet.Empty;

    // One that was seen before the rules were read: what is known is of a later one, and holds for whoever still sees it.
    private long _passedEpoch = -1;

    /// <summary>The rules of some triggers, as they were at an epoch not long ago.</summary>
    public async ValueTask<RuleSet> GetAsync(IReadOnlyCollection<string> triggers, CancellationToken cancellationToken)
    {
        var rules = Volatile.Read(ref _rules);
        if (rules.Missing(triggers).Length == 0)
        {
            return rules;
        }

        // A trigger may have many rules, and many callers at once when a host has just been started.
        await _reading.WaitAsync(cancellationToken);
        try
        {
            rules = Volatile.Read(ref _rules);
            if (rules.Missing(triggers).Length == 0)
            {
                return rules;
            }

            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await ReadAsync(connection, triggers, cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>The rules as a transaction sees them, or as they have become since.</summary>
    /// <param name="connection">The one of the transaction.</param>
    /// <param name="epoch">The epoch that it saw.</param>
    /// <param name="triggers">Whose rules are asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<RuleSet> GetAsync(
        NpgsqlConnection connection, long epoch, IReadOnlyCollection<string> triggers, CancellationToken cancellationToken)
    {
        var rules = Volatile.Read(ref _rules);
        if ((rules.Epoch == epoch || epoch == Volatile.Read(ref _passedEpoch)) && rules.Missing(triggers).Length == 0)
        {
            return rules;
        }

        rules = await ReadAsync(connection, triggers, cancellationToken);
        Volatile.Write(ref _passedEpoch, epoch);
        return rules;
    }

    private async Task<RuleSet> ReadAsync(
        NpgsqlConnection connection, IReadOnlyCollection<string> triggers, CancellationToken cancellationToken)
    {
        var known = Volatile.Read(ref _rules);
        var missing = known.Missing(triggers);
        var (epoch, read, added) = await QueryAsync(connection, known, missing, cancellationToken);
        if (epoch < known.Epoch)
        {
            // Another database has taken this one's place, such as a copy from before: nothing that is known holds.
            known = RuleSet.Empty;
            missing = known.Missing(triggers);
            (epoch, read, added) = await QueryAsync(connection, known, missing, cancellationToken);
            return Publish(known.With(epoch, read, added), startAgain: true);
        }

        return Publish(epoch == known.Epoch && added.Count == 0 ? known : known.With(epoch, read, added), startAgain: false);
    }

    // One statement, so that the epoch and the rules are those of one instant. Triggers that are not there are not kept: anybody may
    // make up any number of them.
    private static async Task<(long Epoch, IReadOnlyCollection<ReadRule> Rules, IReadOnlyCollection<string> Added)> QueryAsync(
        NpgsqlConnection connection, RuleSet known, string[] missing, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT state.epoch, wanted.id AS wanted,
                   rule.id, rule.ref, rule.version, rule.trigger_ref, rule.condition, rule.conditions, rule.action_params, rule."window",
                   rule.shadow, pack.config AS pack_config
              FROM rule_epoch AS state
              LEFT JOIN (SELECT rule_change.rule AS id
                           FROM rule_change
                          WHERE rule_change.epoch > @known
                          UNION
                         SELECT rule.id
                           FROM rule
                          WHERE {RuleStates.IsEvaluated}
                            AND trigger_ref = ANY(@missing)) AS wanted ON true
              LEFT JOIN rule ON rule.id = wanted.id AND {RuleStates.IsEvaluated}
              LEFT JOIN pack ON pack.id = rule.pack;

            SELECT ref
              FROM trigger
             WHERE ref = ANY(@missing);
            """;

        var epoch = 0L;
        var rules = new List<ReadRule>();
        using var reader = await connection.QueryMultipleAsync(new CommandDefinition(
            sql, new { known = known.IsEmpty ? long.MaxValue : known.Epoch, missing }, cancellationToken: cancellationToken));
        foreach (var (state, rule) in reader.Read<StoredEpoch, StoredRule?, (StoredEpoch, StoredRule?)>((state, rule) => (state, rule)))
        {
            epoch = state.Epoch;
            if (state.Wanted is { } id)
            {
                rules.Add(new(id, rule));
            }
        }

        return (epoch, rules, (await reader.ReadAsync<string>()).AsList());
    }

    // Several may read at once. What one of them has read of an earlier epoch is of no use to the others.
    private RuleSet Publish(RuleSet read, bool startAgain)
    {
        lock (_publishing)
        {
            if (startAgain || read.Epoch > _rules.Epoch)
            {
                _rules = read;
            }
            else if (read.Epoch == _rules.Epoch && read != _rules)
            {
                _rules = read = _rules.And(read);
            }

            return read;
        }
    }

    private sealed record StoredEpoch
    {
        public required long Epoch { get; init; }
        public long? Wanted { get; init; }
    }
}
