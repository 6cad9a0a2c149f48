using System.Collections.Immutable;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>The rules that are evaluated, of the triggers that have fired, as they were at one epoch. It never changes.</summary>
internal sealed class RuleSet
{
    public static readonly RuleSet Empty = new(
        0, ImmutableDictionary<string, IReadOnlyList<CachedRule>>.Empty, ImmutableDictionary<long, CachedRule>.Empty);

    private readonly ImmutableDictionary<string, IReadOnlyList<CachedRule>> _triggers;
    private readonly ImmutableDictionary<long, CachedRule> _rules;

    private RuleSet(
        long epoch, ImmutableDictionary<string, IReadOnlyList<CachedRule>> triggers, ImmutableDictionary<long, CachedRule> rules)
    {
        Epoch = epoch;
        _triggers = triggers;
        _rules = rules;
    }

    public long Epoch { get; }

    public bool IsEmpty => _triggers.IsEmpty;

    /// <summary>The rules of a trigger, by reference: the same list as long as none of them changes. Null when they were not read.</summary>
    public IReadOnlyList<CachedRule>? Of(string trigger) => _triggers.GetValueOrDefault(trigger);

    /// <summary>The triggers of which nothing was read yet.</summary>
    public string[] Missing(IEnumerable<string> triggers) =>
        [.. triggers.Where(trigger => !_triggers.ContainsKey(trigger)).Distinct(StringComparer.Ordinal)];

    /// <summary>The set at a later epoch.</summary>
    /// <param name="epoch">That epoch.</param>
    /// <param name="read">The rules that changed since, and all rules of the new triggers; one that is not evaluated says nothing.</param>
    /// <param name="added">The new triggers.</param>
    public RuleSet With(long epoch, IEnumerable<ReadRule> read, IReadOnlyCollection<string> added)
    {
        var rules = _rules.ToBuilder();
        var lists = added.ToDictionary(trigger => trigger, _ => new Dictionary<long, CachedRule>(), StringComparer.Ordinal);
        foreach (var (id, stored) in read)
        {
            if (rules.Remove(id, out var earlier))
            {
                ListOf(earlier.Stored.TriggerRef)!.Remove(id);
            }

            if (stored is not null && ListOf(stored.TriggerRef) is { } list)
            {
                list[id] = rules[id] = new(stored, earlier);
            }
        }

        return new(epoch, _triggers.SetItems(lists.Select(one => KeyValuePair.Create(one.Key, Ordered(one.Value.Values)))), rules.ToImmutable());

        Dictionary<long, CachedRule>? ListOf(string trigger)
        {
            if (!lists.TryGetValue(trigger, out var list) && _triggers.TryGetValue(trigger, out var known))
            {
                lists[trigger] = list = known.ToDictionary(rule => rule.Stored.Id);
            }

            return list;
        }
    }

    /// <summary>The rules of both, which are of one epoch.</summary>
    public RuleSet And(RuleSet other) => new(Epoch, _triggers.SetItems(other._triggers), _rules.SetItems(other._rules));

    private static IReadOnlyList<CachedRule> Ordered(IEnumerable<CachedRule> rules) =>
        [.. rules.OrderBy(rule => rule.Stored.Ref, StringComparer.Ordinal)];
}

/// <summary>A rule that was read; it says nothing when it is not to be evaluated, or gone.</summary>
internal readonly record struct ReadRule(long Id, StoredRule? Stored);
