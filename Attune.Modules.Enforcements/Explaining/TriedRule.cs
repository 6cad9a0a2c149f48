using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Enforcements.Rules.Conditions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>A rule that is asked about stored events, oldest first, and what its window has counted so far.</summary>
internal sealed class TriedRule(CompiledRule rule)
{
    // Past this, values that were not met for longest are forgotten: a window apart for each event would fill the memory.
    private const int MostKeys = 200_000;

    private readonly Dictionary<string, (WindowCount Count, DateTimeOffset Ends)> _windows = new(StringComparer.Ordinal);

    public CompiledRule Rule { get; } = rule;

    /// <summary>How long before its first event a backtest has to begin, for the window to be as it was.</summary>
    public TimeSpan Before => Rule.Window?.Duration ?? TimeSpan.Zero;

    /// <summary>What comes of an event: the same as in the engine.</summary>
    public TriedOutcome Ask(ScannedEvent scanned)
    {
        try
        {
            var budget = new EvaluationBudget(EvaluationBudget.MostSteps, CancellationToken.None);
            var match = Rule.Prepare(Facts(scanned), budget);
            return match?.Finish(scanned.Id, scanned.Created, budget) is null ? TriedOutcome.NoMatch
                : Passes(match.WindowKey, scanned.Created) ? TriedOutcome.Match
                : TriedOutcome.HeldBack;
        }
        catch (Exception error) when (CompiledRule.IsFault(error))
        {
            return TriedOutcome.Failure;
        }
    }

    /// <summary>Whether the event is meant for it, or for every rule of its trigger.</summary>
    public bool IsAsked(ScannedEvent scanned) => Facts(scanned).Asks(Rule.Stored.Id, Rule.Stored.Ref);

    /// <summary>The event as conditions see it.</summary>
    public static EvaluationContext Context(ScannedEvent scanned) =>
        new(Facts(scanned), scanned.Created, new(EvaluationBudget.MostSteps, CancellationToken.None));

    private static EventFacts Facts(ScannedEvent scanned) => new()
    {
        TriggerRef = scanned.TriggerRef,
        Payload = scanned.Payload,
        Config = scanned.Config,
        SourceRef = scanned.SourceRef,
        Target = scanned.Target,
        OnlyRules = scanned.OnlyRules,
    };

    private bool Passes(string key, DateTimeOffset created)
    {
        if (Rule.Window is not { } window)
        {
            return true;
        }

        if (_windows.Count > MostKeys)
        {
            foreach (var (ended, _) in _windows.Where(one => one.Value.Ends <= created).ToList())
            {
                _windows.Remove(ended);
            }
        }

        var count = _windows.TryGetValue(key, out var known) ? known.Count : new(window);
        var passes = count.Passes(created);
        _windows[key] = (count, count.Ends(created));
        return passes;
    }
}

/// <summary>What comes of an event and a rule.</summary>
internal enum TriedOutcome
{
    NoMatch,
    Match,

    /// <summary>It matches, and the rule's window holds it back.</summary>
    HeldBack,

    /// <summary>It would match, or might, but it is too dear, or the parameters cannot be filled in.</summary>
    Failure,
}
