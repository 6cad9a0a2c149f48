namespace Attune.Modules.Enforcements.Rules.Evaluation;

/// <summary>How often a rule may match, or has to, within a stretch of time.</summary>
/// <param name="Kind">Which of the two.</param>
/// <param name="Count">So many matches, from 1 to <see cref="MostCount"/>.</param>
/// <param name="Duration">How long the stretch is that ends with the event.</param>
internal sealed record RuleWindow(WindowKind Kind, int Count, TimeSpan Duration)
{
    public const int MostCount = 1_000;
}

internal enum WindowKind
{
    /// <summary>A match is held back when so many have passed within the duration before it.</summary>
    AtMost,

    /// <summary>A match is held back until it is the last of at least so many within the duration.</summary>
    AtLeast,
}
