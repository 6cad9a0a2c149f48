namespace Attune.Modules.Enforcements.Matching;

/// <summary>What the rules said about the events of one call, before it was queued.</summary>
internal sealed class PreparedCall(PreparedEvent[] events)
{
    public IReadOnlyList<PreparedEvent> Events { get; } = events;

    /// <summary>Bytes of parameters that count for what all waiting calls hold, until the call is done with.</summary>
    public long HeldBytes { get; set; }
}

/// <summary>What the rules said about one event.</summary>
/// <param name="triggerRef">The event's trigger.</param>
/// <param name="asked">The rules that it was asked about.</param>
internal sealed class PreparedEvent(string triggerRef, IReadOnlyList<CachedRule> asked)
{
    public string TriggerRef { get; } = triggerRef;

    public IReadOnlyList<CachedRule> Asked { get; private set; } = asked;

    /// <summary>The rules that matched; of the rules, each stands here or among the faults once at most.</summary>
    public List<CachedMatch> Matches { get; private set; } = [];

    public List<CachedFault> Faults { get; private set; } = [];

    /// <summary>Takes over what an earlier evaluation found out from rules that are still the same.</summary>
    public void TakeOver(PreparedEvent earlier, RuleDifference difference)
    {
        Matches = earlier.Matches.FindAll(match => !difference.Removed.Contains(match.Rule));
        Faults = earlier.Faults.FindAll(fault => !difference.Removed.Contains(fault.Rule));
    }

    /// <summary>Forgets what rules said that are no longer evaluated, where no other rule is new.</summary>
    public void Keep(IReadOnlyList<CachedRule> rules, RuleDifference difference)
    {
        TakeOver(this, difference);
        Asked = rules;
    }
}

/// <summary>A rule matches an event.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Match">What it made of the event.</param>
/// <param name="Bytes">How many bytes of parameters that are.</param>
internal readonly record struct CachedMatch(CachedRule Rule, PreparedMatch Match, long Bytes);

/// <summary>A rule could not be evaluated for an event.</summary>
internal readonly record struct CachedFault(CachedRule Rule, string Reason);
