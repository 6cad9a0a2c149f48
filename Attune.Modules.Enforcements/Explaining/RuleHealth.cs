using Attune.Db;
using Attune.Db.Faults;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class RuleHealth : IRuleHealth
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly RuleHealthQueries _queries;
    private readonly TimeProvider _clock;
    private readonly SharedRead<RuleHealthReport> _report;

    public RuleHealth(RuleHealthQueries queries, TimeProvider clock) =>
        (_queries, _clock, _report) = (queries, clock, new(clock, Fresh, LookAsync));

    public Task<RuleHealthReport> ReadAsync(CancellationToken cancellationToken) => _report.GetAsync(cancellationToken);

    private async Task<RuleHealthReport> LookAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var leftOut = new List<RuleFindingKind>();
        var rules = await _queries.RulesAsync(cancellationToken)
            .OrRefuseAsync(null, "The rules could not be read in time. Try again in a while.");
        var matches = await InTimeAsync(
            _queries.MatchesAsync(now, cancellationToken),
            RuleFindingKind.StoppedMatching, RuleFindingKind.NeverMatched, RuleFindingKind.SilentTrigger, RuleFindingKind.MatchesTooOften);
        var events = await InTimeAsync(
            _queries.EventsAsync(now, cancellationToken),
            RuleFindingKind.StoppedMatching, RuleFindingKind.NeverMatched, RuleFindingKind.SilentTrigger, RuleFindingKind.MatchesTooOften);
        var failures = await InTimeAsync(_queries.FailuresAsync(now, cancellationToken), RuleFindingKind.FailingExecutions);
        var pairs = await InTimeAsync(_queries.PairsAsync(now, cancellationToken), RuleFindingKind.Twin);
        var missing = await InTimeAsync(MissingPathsAsync(rules, now, cancellationToken), RuleFindingKind.MissingPath);
        var known = new HealthFacts
        {
            Now = now,
            Matches = matches?.ToDictionary(one => one.Ref),
            Events = events?.ToDictionary(one => one.Ref),
            Failures = failures?.ToDictionary(one => one.Ref),
        };
        var findings = rules.SelectMany(known.Of).Concat(HealthFacts.Twins(rules, pairs ?? [])).Concat(missing ?? []);
        return new()
        {
            At = now,
            Rules = rules.Count,
            Findings = [.. findings.OrderBy(one => one.RuleRef, StringComparer.Ordinal).ThenBy(one => one.Kind)],
            LeftOut = [.. leftOut.Distinct()],
        };

        // Null where it took too long: the rest is worth telling all the same.
        async Task<T?> InTimeAsync<T>(Task<T> reading, params IEnumerable<RuleFindingKind> kinds)
            where T : class
        {
            try
            {
                return await reading;
            }
            catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
            {
                leftOut.AddRange(kinds);
                return null;
            }
        }
    }

    private async Task<IReadOnlyList<RuleFinding>> MissingPathsAsync(
        IReadOnlyList<WatchedRule> rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var paths = rules.GroupBy(rule => rule.TriggerRef).Take(RuleHealthReport.MostTriggers)
            .ToDictionary(ofTrigger => ofTrigger.Key, ofTrigger => new MissingPaths(ofTrigger.Key, ofTrigger));
        foreach (var range in TimeWindows.Of(now, now.AddDays(-RuleHealthReport.Days), until: null, new()))
        {
            var open = paths.Values.Where(one => one.IsOpen).Select(one => one.TriggerRef).ToList();
            if (open.Count > 0)
            {
                await _queries.ShowPayloadsAsync(open, range, (trigger, payload) => paths[trigger].Show(payload), cancellationToken);
            }
        }

        return [.. paths.Values.SelectMany(one => one.Findings())];
    }
}
