using System.Globalization;
using System.Text;
using Attune.Modules.Events;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>
/// Counts the faults of rules, and pauses a rule that keeps failing. They are gathered in memory and written beside the appends, every second
/// and at the end: an append writes nothing for a rule that left nothing.
/// </summary>
internal sealed partial class RuleFaults(
    NpgsqlDataSource database, ICatalogue catalogue, IOptions<RulesOptions> options, ILogger<RuleFaults> logger) : IAsyncDisposable
{
    private const int LongestReason = 500;

    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private Dictionary<(long Rule, int Version), Tally> _tallies = [];

    /// <summary>Takes note of a fault; it is written later.</summary>
    public void Report(long rule, int version, string reason, long @event, DateTimeOffset created)
    {
        lock (_lock)
        {
            var counted = _tallies.GetValueOrDefault((rule, version))?.Count ?? 0;
            _tallies[(rule, version)] = new(counted + 1, Storable(reason), @event, created);
        }
    }

    /// <summary>Writes what was noted. When that fails, it is kept for the next time.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            Dictionary<(long Rule, int Version), Tally> noted;
            lock (_lock)
            {
                (noted, _tallies) = (_tallies, []);
            }

            if (noted.Count == 0)
            {
                return;
            }

            try
            {
                await PauseAsync(await WriteAsync(noted, cancellationToken), cancellationToken);
            }
            catch (Exception) when (TakeBack(noted))
            {
                throw;
            }
        }
        finally
        {
            _writing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await FlushAsync(CancellationToken.None);
        }
        catch (NpgsqlException error)
        {
            Log.Lost(logger, error);
        }

        _writing.Dispose();
    }

    // Of a rule that has been changed since, and of one that is gone, faults say nothing.
    private async Task<IReadOnlyList<Burst>> WriteAsync(
        Dictionary<(long Rule, int Version), Tally> noted, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO rule_fault AS kept (rule, count, last_reason, last_event, last_event_created, last_at, since, burst_count, burst_since)
            SELECT rule.id, given.count, given.reason, given.event, given.created, now(), now(), given.count,
                   now()
              FROM unnest(@rules, @versions, @counts, @reasons, @events, @createds) AS given (rule, version, count, reason, event, created)
              JOIN rule ON rule.id = given.rule AND rule.version = given.version
             ORDER BY rule.id
                ON CONFLICT (rule) DO UPDATE
               SET count = kept.count + excluded.count,
                   last_reason = excluded.last_reason,
                   last_event = excluded.last_event,
                   last_event_created = excluded.last_event_created,
                   last_at = excluded.last_at,
                   burst_count = excluded.burst_count
                               + CASE WHEN kept.burst_since > excluded.last_at - @within THEN kept.burst_count ELSE 0 END,
                   burst_since = CASE WHEN kept.burst_since > excluded.last_at - @within THEN kept.burst_since ELSE excluded.last_at END
            RETURNING rule, burst_count AS count, last_reason AS reason
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<Burst>(new CommandDefinition(sql, new
        {
            rules = noted.Keys.Select(key => key.Rule).ToArray(),
            versions = noted.Keys.Select(key => key.Version).ToArray(),
            counts = noted.Values.Select(tally => tally.Count).ToArray(),
            reasons = noted.Values.Select(tally => tally.Reason).ToArray(),
            events = noted.Values.Select(tally => tally.Event).ToArray(),
            createds = noted.Values.Select(tally => tally.Created.UtcDateTime).ToArray(),
            within = options.Value.PauseWithin,
        }, cancellationToken: cancellationToken))).AsList();
    }

    private async Task PauseAsync(IReadOnlyList<Burst> bursts, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE rule
               SET paused_at = clock_timestamp(), paused_reason = @why
             WHERE id = @Rule
               AND paused_at IS NULL
            RETURNING ref
            """;

        foreach (var burst in bursts.Where(burst => burst.Count >= options.Value.PauseAfterFaults))
        {
            var within = options.Value.PauseWithin.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
            var why = $"It could not be evaluated for {burst.Count} events within {within} s. Last: {burst.Reason}";
            if (await catalogue.ChangeAsync(connection => connection.ExecuteScalarAsync<string?>(
                new CommandDefinition(sql, new { burst.Rule, why }, cancellationToken: cancellationToken)), cancellationToken) is { } reference)
            {
                Log.Paused(logger, reference, why);
            }
        }
    }

    // A message may quote what a payload said.
    private static string Storable(string reason)
    {
        var cut = reason.Length > LongestReason ? reason[..LongestReason] + "…" : reason;
        return string.Concat(cut.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? Rune.ReplacementChar : rune));
    }

    private bool TakeBack(Dictionary<(long Rule, int Version), Tally> noted)
    {
        lock (_lock)
        {
            foreach (var (key, tally) in noted)
            {
                _tallies[key] = _tallies.TryGetValue(key, out var later) ? later with { Count = later.Count + tally.Count } : tally;
            }
        }

        return true;
    }

    private sealed record Tally(long Count, string Reason, long Event, DateTimeOffset Created);

    private sealed record Burst
    {
        public required long Rule { get; init; }
        public required long Count { get; init; }
        public required string Reason { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Rule {Rule} is paused until it is changed or switched on again. {Why}")]
        public static partial void Paused(ILogger logger, string rule, string why);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The last faults of rules could not be written")]
        public static partial void Lost(ILogger logger, Exception error);
    }
}
