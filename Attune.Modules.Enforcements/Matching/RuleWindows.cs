using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>
/// Decides which matches of rules with a window pass. The rows of the windows are the locks: whoever decides holds them until its
/// transaction is committed, so the decision is exact for any number of hosts, and undone with it.
/// </summary>
internal sealed class RuleWindows(NpgsqlDataSource database)
{
    // What a window held back is told of for a while after nothing counts in it any more.
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The matches that pass, in their order.</summary>
    public static async Task<List<EnforcementMatch>> PassAsync(
        AppendContext context, List<EnforcementMatch> matches, CancellationToken cancellationToken)
    {
        if (!matches.Exists(match => match.Match.Rule.Window is not null))
        {
            return matches;
        }

        var keys = matches
            .Where(match => match.Match.Rule.Window is not null)
            .GroupBy(Key)
            .ToDictionary(group => group.Key, group => new WindowCount(group.First().Match.Rule.Window!));
        await LockAsync(context, keys, cancellationToken);
        var passed = matches.FindAll(match => match.Match.Rule.Window is null || keys[Key(match)].Passes(context.Created));
        await KeepAsync(context, keys, cancellationToken);
        return passed;
    }

    /// <summary>Removes the rows in which nothing counts any more, and keeps how many matches they held back.</summary>
    public async Task PruneAsync(CancellationToken cancellationToken)
    {
        // Those that an append holds are left for the next time.
        const string sql = """
            WITH ended AS (
                DELETE FROM rule_window
                 USING (SELECT rule, key
                          FROM rule_window
                         WHERE ends < clock_timestamp() - @kept
                         ORDER BY rule, key
                         LIMIT 10000
                           FOR UPDATE SKIP LOCKED) AS over
                 WHERE rule_window.rule = over.rule
                   AND rule_window.key = over.key
                RETURNING rule_window.rule, rule_window.held_back
            )
            INSERT INTO rule_held_back AS total (rule, held_back)
            SELECT rule, sum(held_back)
              FROM ended
             GROUP BY rule
            HAVING sum(held_back) > 0
             ORDER BY rule
                ON CONFLICT (rule) DO UPDATE SET held_back = total.held_back + excluded.held_back
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { kept = Kept }, cancellationToken: cancellationToken));
    }

    // A window that says something else counts anew.
    private static WindowKey Key(EnforcementMatch match)
    {
        var window = match.Match.Rule.Window!;
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{window.Kind} {window.Count} {window.Duration.Ticks} {match.Match.WindowKey}");
        return new(match.Rule.Id, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text))));
    }

    // In one order everywhere, or two transactions could wait for each other.
    private static async Task LockAsync(AppendContext context, Dictionary<WindowKey, WindowCount> keys, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO rule_window AS held (rule, key, ends)
            SELECT rule, decode(key, 'hex'), @Created
              FROM unnest(@rules, @keys) AS wanted (rule, key)
             ORDER BY rule, key COLLATE "C"
                ON CONFLICT (rule, key) DO UPDATE SET ends = held.ends
            RETURNING rule, upper(encode(key, 'hex')) AS key, times
            """;

        var rules = keys.Keys.Select(key => key.Rule).ToArray();
        var texts = keys.Keys.Select(key => key.Hash).ToArray();
        foreach (var row in await context.Connection.QueryAsync<WindowRow>(new CommandDefinition(
            sql, new { context.Created, rules, keys = texts }, context.Transaction, cancellationToken: cancellationToken)))
        {
            keys[new(row.Rule, row.Key)].Times.AddRange(row.Times.Select(time => new DateTimeOffset(time, TimeSpan.Zero)));
        }
    }

    private static Task KeepAsync(AppendContext context, Dictionary<WindowKey, WindowCount> keys, CancellationToken cancellationToken)
    {
        // Arrays of arrays have to be of one length: the instants go as one text a row.
        const string sql = """
            UPDATE rule_window AS held
               SET times = counted.times::timestamptz[], held_back = held.held_back + counted.held_back, ends = counted.ends
              FROM unnest(@rules, @keys, @times, @heldBack, @ends) AS counted (rule, key, times, held_back, ends)
             WHERE held.rule = counted.rule
               AND held.key = decode(counted.key, 'hex')
            """;

        return context.Connection.ExecuteAsync(new CommandDefinition(sql, new
        {
            rules = keys.Keys.Select(key => key.Rule).ToArray(),
            keys = keys.Keys.Select(key => key.Hash).ToArray(),
            times = keys.Values.Select(counted => counted.TimesText).ToArray(),
            heldBack = keys.Values.Select(counted => counted.HeldBack).ToArray(),
            ends = keys.Values.Select(counted => counted.Ends(context.Created).UtcDateTime).ToArray(),
        }, context.Transaction, cancellationToken: cancellationToken));
    }

    private readonly record struct WindowKey(long Rule, string Hash);

    private sealed record WindowRow
    {
        public required long Rule { get; init; }
        public required string Key { get; init; }
        public required DateTime[] Times { get; init; }
    }
}
