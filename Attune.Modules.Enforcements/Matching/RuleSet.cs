using System.Collections.Immutable;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>The rules that are evaluated, of the triggers that have fired, as they were at one epoch. It never changes.</summary>
internal sealed class RuleSet
{
    public static readonly RuleSet Empty = new(
        0, ImmutableDictionary<string, IReadOnlyList<CachedRule>>.Empty, ImmutableDictionary<long, CachedRule>.Empty);

    private static readonly IReadOnlyList<CachedRule> s_none = [];
    private static readonly Comparer<CachedRule> s_byReference =
        Comparer<CachedRule>.Create((one, other) => string.CompareOrdinal(one.Stored.Ref, other.Stored.Ref));

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

    /// <summary>The rules of a trigger, by reference: the same list as long as none of them changes. None of one that was not read.</summary>
    public IReadOnlyList<CachedRule> Of(string trigger) => _triggers.GetValueOrDefault(trigger, s_none);

    /// <summary>The triggers of which nothing was read yet.</summary>
    public string[] Missing(IEnumerable<string> triggers) =>
        [.. triggers.Where(trigger => !_triggers.ContainsKey(trigger)).Distinct(StringComparer.Ordinal)];

    /// <summary>The set at a later epoch. An append may wait for it, so a list is not sorted again for one rule of many.</summary>
    /// <param name="epoch">That epoch.</param>
    /// <param name="read">The rules that changed since, and all rules of the new triggers; one that is not evaluated says nothing.</param>
    /// <param name="added">The new triggers.</param>
    public RuleSet With(long epoch, IReadOnlyCollection<ReadRule> read, IReadOnlyCollection<string> added)
    {
        var rules = _rules.ToBuilder();
        var lists = added.ToDictionary(trigger => trigger, _ => new List<CachedRule>(), StringComparer.Ordinal);
        foreach (var (id, stored) in read.OrderBy(one => one.Stored?.Ref, StringComparer.Ordinal))
        {
            if (rules.Remove(id, out var earlier) && ListOf(earlier.Stored.TriggerRef) is { } from)
            {
                from.RemoveAt(from.BinarySearch(earlier, s_byReference));
            }

            if (stored is not null && ListOf(stored.TriggerRef) is { } to)
            {
                var rule = new CachedRule(stored, earlier);
                rules[id] = rule;
                var place = to.BinarySearch(rule, s_byReference);
                if (place >= 0)
                {
                    // Deleted, and made again under its reference: whichever is read first, the later one stays.
                    rules.Remove(to[place].Stored.Id);
                    to[place] = rule;
                }
                else
                {
                    to.Insert(~place, rule);
                }
            }
        }

        return new(
            epoch, _triggers.SetItems(lists.Select(one => KeyValuePair.Create(one.Key, (IReadOnlyList<CachedRule>)one.Value))),
            rules.ToImmutable());

        List<CachedRule>? ListOf(string trigger)
        {
            if (!lists.TryGetValue(trigger, out var list) && _triggers.TryGetValue(trigger, out var known))
            {
                lists[trigger] = list = [.. known];
            }

            return list;
        }
    }

    /// <summary>The rules of both, which are of one epoch.</summary>
    public RuleSet And(RuleSet other) => new(Epoch, _triggers.SetItems(other._triggers), _rules.SetItems(other._rules));
}

/// <summary>A rule that was read; it says nothing when it is not to be evaluated, or gone.</summary>
internal readonly record struct ReadRule(long Id, StoredRule? Stored);
