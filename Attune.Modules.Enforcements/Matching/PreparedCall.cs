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

    /// <summary>Takes over what an earlier evaluation found out from the rules that are asked now as well.</summary>
    public void TakeOver(PreparedEvent earlier)
    {
        var asked = new HashSet<CachedRule>(Asked);
        Matches = earlier.Matches.FindAll(match => asked.Contains(match.Rule));
        Faults = earlier.Faults.FindAll(fault => asked.Contains(fault.Rule));
    }

    /// <summary>The rules of a list that this event was not asked about. Both lists are in the order of the references.</summary>
    public List<CachedRule> NotAsked(IReadOnlyList<CachedRule> rules)
    {
        var asked = new HashSet<CachedRule>(Asked);
        return [.. rules.Where(rule => !asked.Contains(rule))];
    }

    /// <summary>Forgets what rules said that are not in a list: they are no longer evaluated, or say something else.</summary>
    public void Keep(IReadOnlyList<CachedRule> rules)
    {
        var kept = new HashSet<CachedRule>(rules);
        Matches = Matches.FindAll(match => kept.Contains(match.Rule));
        Faults = Faults.FindAll(fault => kept.Contains(fault.Rule));
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
