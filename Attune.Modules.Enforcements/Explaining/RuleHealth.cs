using Attune.Db;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class RuleHealth(RuleHealthQueries queries, PayloadSamples samples, TimeProvider clock) : IRuleHealth, IDisposable
{
    private const int FewestEvents = 5;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private RuleHealthReport? _last;

    public async Task<RuleHealthReport> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_last is not { } last || clock.GetUtcNow() - last.At >= Fresh)
            {
                _last = await LookAsync(cancellationToken);
            }

            return _last;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task<RuleHealthReport> LookAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rules = await queries.RulesAsync(cancellationToken);
        var known = new HealthFacts
        {
            Now = now,
            Matches = (await queries.MatchesAsync(now, cancellationToken)).ToDictionary(one => one.Ref),
            Events = (await queries.EventsAsync(now, cancellationToken)).ToDictionary(one => one.Ref),
            Failures = (await queries.FailuresAsync(now, cancellationToken)).ToDictionary(one => one.Ref),
        };
        var findings = rules.SelectMany(known.Of)
            .Concat(HealthFacts.Twins(rules, await queries.PairsAsync(now, cancellationToken)))
            .Concat(await MissingPathsAsync(rules, cancellationToken));
        return new()
        {
            At = now,
            Rules = rules.Count,
            Findings = [.. findings.OrderBy(one => one.RuleRef, StringComparer.Ordinal).ThenBy(one => one.Kind)],
        };
    }

    private async Task<IReadOnlyList<RuleFinding>> MissingPathsAsync(
        IReadOnlyList<WatchedRule> rules, CancellationToken cancellationToken)
    {
        var findings = new List<RuleFinding>();
        foreach (var ofTrigger in rules.GroupBy(rule => rule.TriggerRef).Take(RuleHealthReport.MostTriggers))
        {
            var asking = ofTrigger.Select(rule => (Rule: rule, Paths: Paths(rule))).Where(one => one.Paths.Count > 0).ToList();
            var payloads = asking.Count == 0 ? [] : (await samples.ReadAsync(ofTrigger.Key, cancellationToken))
                .Where(sample => sample.Payload is not null).ToList();
            if (payloads.Count < FewestEvents)
            {
                continue;
            }

            findings.AddRange(asking.SelectMany(one => one.Paths
                .Where(path => !payloads.Exists(sample => IsThere(path, sample, ofTrigger.Key)))
                .Select(path => new RuleFinding
                {
                    RuleRef = one.Rule.Ref,
                    TriggerRef = ofTrigger.Key,
                    Kind = RuleFindingKind.MissingPath,
                    Path = path.Text,
                    Message = $"Nothing is at {path.Text} in the newest {payloads.Count} payloads of {ofTrigger.Key}.",
                })));
        }

        return findings;
    }

    // Whoever asks whether something is there expects that it may not be.
    private static List<FieldPath> Paths(WatchedRule rule)
    {
        try
        {
            return
            [
                .. RuleConditions.LeavesOf(rule.Conditions, rule.Condition)
                    .Where(leaf => leaf.Operator.Name is not ("exists" or "not_exists"))
                    .SelectMany(leaf => leaf.Other is { } other ? [leaf.Field, other] : (FieldPath[])[leaf.Field])
                    .Where(path => path.Root == FieldRoot.Payload && !path.Path.IsWhole)
                    .DistinctBy(path => path.FullText),
            ];
        }
        catch (RefusedException)
        {
            return [];
        }
    }

    private static bool IsThere(FieldPath path, PayloadSample sample, string trigger)
    {
        var facts = new EventFacts { TriggerRef = trigger, Payload = sample.Payload };
        var context = new EvaluationContext(facts, null, new(EvaluationBudget.MostSteps, CancellationToken.None));
        return path.FindEach(context).Exists(found => found is not null);
    }
}
