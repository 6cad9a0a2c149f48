namespace Attune.Modules.Enforcements;

/// <summary>
/// What a condition comes to. In this order "all" is the least and "any" the greatest of its conditions, as in Kleene's logic.
/// </summary>
public enum Verdict
{
    False,

    /// <summary>The path leads nowhere, or the types do not compare. It never matches.</summary>
    Unknown,

    True,
}
