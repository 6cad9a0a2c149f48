namespace Attune.Modules.Enforcements.Matching;

/// <summary>How the rules of a trigger differ from what they were. Many events ask for the same one after an edit, so the last is kept.</summary>
internal sealed class RuleDifference
{
    private static RuleDifference? s_last;

    private readonly IReadOnlyList<CachedRule> _before;
    private readonly IReadOnlyList<CachedRule> _after;

    private RuleDifference(IReadOnlyList<CachedRule> before, IReadOnlyList<CachedRule> after)
    {
        (_before, _after) = (before, after);
        Removed = [.. before];
        Removed.ExceptWith(after);
        var known = new HashSet<CachedRule>(before);
        Added = [.. after.Where(rule => !known.Contains(rule))];
    }

    /// <summary>The rules that were not there before, or said something else.</summary>
    public IReadOnlyList<CachedRule> Added { get; }

    /// <summary>The rules that are no longer there, or say something else.</summary>
    public HashSet<CachedRule> Removed { get; }

    public static RuleDifference Between(IReadOnlyList<CachedRule> before, IReadOnlyList<CachedRule> after)
    {
        var last = Volatile.Read(ref s_last);
        if (last is null || !ReferenceEquals(last._before, before) || !ReferenceEquals(last._after, after))
        {
            Volatile.Write(ref s_last, last = new(before, after));
        }

        return last;
    }
}
