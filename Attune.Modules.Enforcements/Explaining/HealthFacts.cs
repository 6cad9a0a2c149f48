using System.Globalization;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>What is counted of rules and triggers, and what that says of a rule. Pure.</summary>
internal sealed record HealthFacts
{
    private const int FewestMatches = 20;
    private const int ManyMatches = 100;
    private const int ManyTimes = 10;
    private const double NearlyAll = .95;

    public required DateTimeOffset Now { get; init; }
    /// <summary>By rule; this and the others are null where they could not be counted in time.</summary>
    public required IReadOnlyDictionary<string, CountedRef>? Matches { get; init; }

    /// <summary>By trigger.</summary>
    public required IReadOnlyDictionary<string, CountedRef>? Events { get; init; }

    /// <summary>By rule.</summary>
    public required IReadOnlyDictionary<string, FailedRef>? Failures { get; init; }

    public IEnumerable<RuleFinding> Of(WatchedRule rule)
    {
        if (rule.PausedAt is not null)
        {
            yield return Finding(rule, RuleFindingKind.CannotBeEvaluated, $"It is paused: {rule.PausedReason}");
        }
        else if (rule.Faults is > 0 and var faults)
        {
            yield return Finding(
                rule, RuleFindingKind.CannotBeEvaluated, $"It could not be evaluated for {Number(faults)} events. Last: {rule.LastReason}");
        }

        if (Failures?.GetValueOrDefault(rule.Ref) is { } failures)
        {
            yield return Finding(
                rule, RuleFindingKind.FailingExecutions,
                $"{Number(failures.Failed)} of its {Number(failures.Ended)} newest executions of the last 24 h failed.");
        }

        if (OfMatches(rule) is { } found)
        {
            yield return found;
        }
    }

    /// <summary>Rules of one trigger that match the same events, nearly without exception.</summary>
    public static IEnumerable<RuleFinding> Twins(IReadOnlyList<WatchedRule> rules, IEnumerable<RulePair> pairs)
    {
        var byRef = rules.ToDictionary(rule => rule.Ref, StringComparer.Ordinal);
        foreach (var pair in pairs)
        {
            var either = pair.OneMatches + pair.OtherMatches - pair.BothMatch;
            if (pair.BothMatch < FewestMatches || pair.BothMatch < NearlyAll * either
                || !byRef.TryGetValue(pair.One, out var one) || !byRef.TryGetValue(pair.Other, out var other)
                || one.TriggerRef != other.TriggerRef || (IsEmpty(one) && IsEmpty(other)))
            {
                continue;
            }

            yield return Finding(
                one, RuleFindingKind.Twin,
                $"It and {other.Ref} match the same events: {Number(pair.BothMatch)} of {Number(either)} that either matched.") with
            {
                OtherRule = other.Ref,
            };
        }
    }

    // What is said of its matches is one thing: the first that holds.
    private RuleFinding? OfMatches(WatchedRule rule)
    {
        if (Events is null || Matches is null)
        {
            return null;
        }

        var events = Events.GetValueOrDefault(rule.TriggerRef);
        var matches = Matches.GetValueOrDefault(rule.Ref);
        if (Now - rule.Updated < TimeSpan.FromDays(1))
        {
            return matches is null || IsEmpty(rule) ? null : TooOften(rule, matches, events);
        }

        return (events, matches) switch
        {
            (null, _) => Finding(
                rule, RuleFindingKind.SilentTrigger, $"{rule.TriggerRef} has not fired in {RuleHealthReport.Days} days."),
            ({ }, null) => Finding(
                rule, RuleFindingKind.NeverMatched,
                $"It matched none of {Number(events.Total)} events of {rule.TriggerRef} in {RuleHealthReport.Days} days."),
            ({ LastDay: > 0 }, { LastDay: 0, WeekBefore: >= FewestMatches }) when 10 * 7 * events.LastDay >= events.WeekBefore => Finding(
                rule, RuleFindingKind.StoppedMatching,
                $"It matched {Number(matches.WeekBefore)} times in the week before, "
                + $"and none of {Number(events.LastDay)} events of the last 24 h."),
            _ => IsEmpty(rule) ? null : TooOften(rule, matches, events),
        };
    }

    private static RuleFinding? TooOften(WatchedRule rule, CountedRef matches, CountedRef? events) =>
        matches.LastDay < ManyMatches ? null
        : events is { LastDay: > 0 } && matches.LastDay >= NearlyAll * events.LastDay ? Finding(
            rule, RuleFindingKind.MatchesTooOften,
            $"It matched {Number(matches.LastDay)} of {Number(events.LastDay)} events of the last 24 h, which is nearly all.")
        : matches.WeekBefore > 0 && 7 * matches.LastDay > ManyTimes * matches.WeekBefore ? Finding(
            rule, RuleFindingKind.MatchesTooOften,
            $"It matched {Number(matches.LastDay)} times in the last 24 h, "
            + $"and {Number(matches.WeekBefore / 7)} times a day in the week before.")
        : null;

    private static bool IsEmpty(WatchedRule rule) =>
        rule.Conditions.ValueKind == System.Text.Json.JsonValueKind.Array && rule.Conditions.GetArrayLength() == 0;

    private static RuleFinding Finding(WatchedRule rule, RuleFindingKind kind, string message) =>
        new() { RuleRef = rule.Ref, TriggerRef = rule.TriggerRef, Kind = kind, Message = message };

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
