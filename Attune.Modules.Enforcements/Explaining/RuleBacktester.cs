using System.Runtime.CompilerServices;
using Attune.Db;
using Attune.Db.Faults;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class RuleBacktester(IEventScanner events, AskedRules rules, NpgsqlDataSource database, TimeProvider clock)
    : IRuleBacktester
{
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(250);

    private readonly Turns _turns = new();

    public async IAsyncEnumerable<BacktestProgress> RunAsync(
        BacktestRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var (since, until) = Range(request, clock.GetUtcNow());
        var asked = await rules.FindAsync(request.Subject, trigger: null, cancellationToken);
        var tried = asked.Compiled ?? throw RefusedException.Invalid("rule", $"What the rule says cannot be evaluated: {asked.Fault}");
        var current = await rules.FindCurrentAsync(asked.RuleRef, cancellationToken);
        var isCurrent = !asked.IsDraft && asked.Version == current?.Version;
        var asTried = new TriedRule(tried);
        var asCurrent = isCurrent ? asTried : current?.Compiled is { } compiled ? new TriedRule(compiled) : null;
        var tally = new BacktestTally(asTried, asCurrent, request, since);

        // At once, so that whoever waits knows that it was accepted.
        var at = since;
        yield return Progress();
        var told = clock.GetTimestamp();
        foreach (var day in Days(Earlier(since, asTried, asCurrent), since).Concat(Days(since, until)))
        {
            foreach (var trigger in new[] { tried.Stored.TriggerRef, current?.Text.TriggerRef ?? tried.Stored.TriggerRef }.Distinct())
            {
                Cursor? after = null;
                do
                {
                    var part = new EventScan
                    {
                        TriggerRef = trigger, Since = day.Since, Until = day.Until, After = after, WithConfig = tally.ReadsOutside,
                    };
                    after = await _turns.RunAsync(() => events.ScanAsync(part, tally.Count, cancellationToken), cancellationToken);
                    at = after?.At > at ? after.Value.At : at;
                    if (clock.GetElapsedTime(told) >= Between)
                    {
                        yield return Progress();
                        told = clock.GetTimestamp();
                    }
                }
                while (after is not null);
            }

            if (day.Until <= since)
            {
                continue;
            }

            tally.EndDay(
                DateOnly.FromDateTime(day.Since.UtcDateTime),
                asked.Rule is { } rule ? await RecordedAsync(rule, asked.Text.Ref, day, cancellationToken) : null);
            at = day.Until;
        }

        yield return Progress() with { Report = tally.Report(asked, since, until) };

        BacktestProgress Progress() =>
            new() { At = at, Share = (at - since) / (until - since), Events = tally.Events, Matches = tally.Matches };
    }

    // A window counts what came before the first event of the range.
    private static DateTimeOffset Earlier(DateTimeOffset since, TriedRule tried, TriedRule? current)
    {
        var before = current?.Before > tried.Before ? current.Before : tried.Before;
        return since - DateTimeOffset.MinValue > before ? since - before : DateTimeOffset.MinValue;
    }

    private static TimeRange Range(BacktestRequest request, DateTimeOffset now)
    {
        if (request.First is < 0 or > BacktestRequest.MostFirst)
        {
            throw RefusedException.Invalid("first", $"first must be from 0 to {BacktestRequest.MostFirst}.");
        }

        if (request.Skip < 0)
        {
            throw RefusedException.Invalid("skip", "skip must not be less than 0.");
        }

        var until = request.Until ?? now;
        var usual = TimeSpan.FromDays(BacktestRequest.UsualDays);
        var since = request.Since ?? (until - DateTimeOffset.MinValue > usual ? until - usual : DateTimeOffset.MinValue);
        if (since >= until)
        {
            throw RefusedException.Invalid("since", request.Until is null ? "since must be in the past." : "since must be before until.");
        }

        return until - since <= TimeSpan.FromDays(BacktestRequest.MostDays)
            ? new(since, until)
            : throw RefusedException.Invalid(
                "since", $"since must be at most {BacktestRequest.MostDays} days before until: events are kept no longer.");
    }

    // A day in UTC is a chunk of the table: each query reads one.
    private static IEnumerable<TimeRange> Days(DateTimeOffset since, DateTimeOffset until)
    {
        for (var start = since; start < until;)
        {
            var midnight = new DateTimeOffset(start.UtcDateTime.Date, TimeSpan.Zero);
            var end = DateTimeOffset.MaxValue - midnight > TimeSpan.FromDays(1) ? midnight.AddDays(1) : DateTimeOffset.MaxValue;
            yield return new(start, end < until ? end : until);
            start = end;
        }
    }

    private async Task<long> RecordedAsync(long rule, string reference, TimeRange day, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT count(*)
              FROM enforcement
             WHERE rule_ref = @reference
               AND rule = @rule
               AND created >= @Since
               AND created < @Until
            """;

        return await _turns.RunAsync(
            async () =>
            {
                await using var connection = await database.OpenConnectionAsync(cancellationToken);
                return await connection.ExecuteScalarAsync<long>(
                    new CommandDefinition(sql, new { rule, reference, day.Since, day.Until }, cancellationToken: cancellationToken))
                    .OrRefuseAsync("since", "The enforcements of a day could not be counted in time: ask for a shorter range.");
            },
            cancellationToken);
    }
}
