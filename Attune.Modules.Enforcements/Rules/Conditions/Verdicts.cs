namespace Attune.Modules.Enforcements.Rules.Conditions;

internal static class Verdicts
{
    public static Verdict Of(bool holds) => holds ? Verdict.True : Verdict.False;

    /// <summary>True and false change places; unknown stays.</summary>
    public static Verdict Opposite(this Verdict verdict) => (Verdict)(Verdict.True - verdict);
}
