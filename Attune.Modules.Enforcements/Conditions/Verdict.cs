namespace Attune.Modules.Enforcements.Conditions;

/// <summary>
/// What a condition comes to. In this order "all" is the least and "any" the greatest of its conditions, as in Kleene's logic.
/// </summary>
internal enum Verdict
{
    False,

    /// <summary>The path leads nowhere, or the types do not compare. It never matches.</summary>
    Unknown,

    True,
}

internal static class Verdicts
{
    public static Verdict Of(bool holds) => holds ? Verdict.True : Verdict.False;

    /// <summary>True and false change places; unknown stays.</summary>
    public static Verdict Opposite(this Verdict verdict) => (Verdict)(Verdict.True - verdict);
}
