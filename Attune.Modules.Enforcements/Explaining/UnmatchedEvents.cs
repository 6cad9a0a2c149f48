using System.Runtime.CompilerServices;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class UnmatchedEvents(IEventScanner events, NpgsqlDataSource database, TimeProvider clock) : IUnmatchedEvents
{
    private const int Part = 500;
    private const int Newest = 20;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly Turns _turns = new();

    public async IAsyncEnumerable<UnmatchedReport> RunAsync(
        UnmatchedRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var range = Range(request, clock.GetUtcNow());
        var rules = await ReadRulesAsync(request.TriggerRef, cancellationToken);
        var tallies = rules.Select(rule => new UnmatchedTally(rule)).ToList();
        var (seen, unmatched, at, isComplete) = (0L, 0L, range.Until, false);
        var newest = new List<BacktestMatch>();
        yield return Report(isLast: false);

        var (worked, told) = (TimeSpan.Zero, clock.GetTimestamp());
        Cursor? after = null;
        foreach (var day in StorableText.IsStorable(request.TriggerRef) ? Days(range) : [])
        {
            isComplete = false;
            for (var more = true; more && seen < UnmatchedRequest.MostEvents && worked < Longest;)
            {
                var (next, took) = await _turns.RunAsync(() => CountPartAsync(day, after), cancellationToken);
                worked += took;
                (after, more, isComplete) = (next, next is not null, next is null);
                if (clock.GetElapsedTime(told) >= Between)
                {
                    yield return Report(isLast: false);
                    told = clock.GetTimestamp();
                }
            }

            if (!isComplete)
            {
                break;
            }

            (after, at) = (null, day.Since);
        }

        yield return Report(isLast: true);

        async Task<(Cursor? Next, TimeSpan Took)> CountPartAsync(TimeRange day, Cursor? from)
        {
            var began = clock.GetTimestamp();
            var part = new List<ScannedEvent>();
            var next = await events.ScanNewestAsync(
                new()
                {
                    Filter = new() { TriggerRef = request.TriggerRef }, Range = day, After = from, Limit = Part,
                    WithConfig = tallies.Exists(tally => tally.ReadsOutside),
                },
                (_, scanned) => part.Add(scanned!),
                cancellationToken);
            var matched = part.Count == 0
                ? [] : await MatchedAsync(request.TriggerRef, part[^1].Created, part[0].Created, cancellationToken);
            foreach (var scanned in part)
            {
                (seen, at) = (seen + 1, scanned.Created);
                if (matched.Contains(scanned.Id))
                {
                    continue;
                }

                unmatched++;
                tallies.ForEach(tally => tally.Count(scanned));
                if (newest.Count < Newest)
                {
                    newest.Add(new(scanned.Id, scanned.Created));
                }
            }

            return (next, clock.GetElapsedTime(began));
        }

        UnmatchedReport Report(bool isLast) => new()
        {
            TriggerRef = request.TriggerRef,
            Since = range.Since,
            Until = range.Until,
            At = at,
            Events = seen,
            Unmatched = unmatched,
            IsLast = isLast,
            IsComplete = isLast && isComplete,
            Newest = [.. newest],
            Rules = [.. tallies.Select(tally => tally.Report()).OrderByDescending(rule => rule.ByOne)],
        };
    }

    private static TimeRange Range(UnmatchedRequest request, DateTimeOffset now)
    {
        var until = request.Until ?? now;
        var since = request.Since ?? (until - DateTimeOffset.MinValue > TimeSpan.FromDays(1) ? until.AddDays(-1) : DateTimeOffset.MinValue);
        return since >= until ? throw RefusedException.Invalid("since", "since must be before until.")
            : until - since > TimeSpan.FromDays(UnmatchedRequest.MostDays)
                ? throw RefusedException.Invalid("since", $"since must be at most {UnmatchedRequest.MostDays} days before until.")
                : new(since, until);
    }

    // A day in UTC is a chunk of the table: each query reads one, the newest first.
    private static IEnumerable<TimeRange> Days(TimeRange range)
    {
        for (var end = range.Until; end > range.Since;)
        {
            var midnight = new DateTimeOffset(end.AddTicks(-1).UtcDateTime.Date, TimeSpan.Zero);
            var start = midnight > range.Since ? midnight : range.Since;
            yield return new(start, end);
            end = start;
        }
    }

    private async Task<HashSet<long>> MatchedAsync(
        string trigger, DateTimeOffset oldest, DateTimeOffset newest, CancellationToken cancellationToken)
    {
        // An enforcement has its event's created.
        const string sql = """
            SELECT event
              FROM enforcement
             WHERE trigger_ref = @trigger
               AND created >= @oldest
               AND created <= @newest
               AND event IS NOT NULL
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<long>(
            new CommandDefinition(sql, new { trigger, oldest, newest }, cancellationToken: cancellationToken))];
    }

    private async Task<IReadOnlyList<AskedRule>> ReadRulesAsync(string trigger, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT rule.id, rule.ref, rule.version, rule.trigger_ref, rule.condition, rule.conditions, rule.action_params,
                   rule."window", pack.config AS pack_config
              FROM rule
              LEFT JOIN pack ON pack.id = rule.pack
             WHERE rule.trigger_ref = @trigger
               AND (rule.enabled OR rule.shadow)
             ORDER BY rule.ref
             LIMIT @limit
            """;

        if (!StorableText.IsStorable(trigger))
        {
            return [];
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rules = await connection.QueryAsync<StoredRule>(new CommandDefinition(
            sql, new { trigger, limit = UnmatchedRequest.MostRules }, cancellationToken: cancellationToken));
        return [.. rules.Select(AskedRules.Compiled)];
    }
}
