namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>A part of a pattern, and what it will come to: counted while it is read, so that too much of it is never built.</summary>
/// <param name="states">States of the automaton.</param>
/// <param name="consumes">Whether it can match more than the empty text.</param>
internal abstract class PatternNode(long states, bool consumes)
{
    /// <summary>Counting ends here: multiplied by the largest repetition it still fits.</summary>
    public const long Countless = 1_000_000_000;

    public static readonly PatternNode Empty = new SequenceNode([]);

    public long States { get; } = Math.Min(states, Countless);

    public bool Consumes => consumes;

    public static PatternNode Of(CharacterSet set) => new SetNode(set);

    public static PatternNode Of(PatternAssertion assertion) => new AssertionNode(assertion);

    public static PatternNode Sequence(IReadOnlyList<PatternNode> parts) => parts is [var only] ? only : new SequenceNode([.. parts]);

    public static PatternNode Choice(IReadOnlyList<PatternNode> parts) => parts is [var only] ? only : new ChoiceNode([.. parts]);

    /// <summary>What matches the empty text only is repeated in vain: once, or perhaps, is all that comes of it.</summary>
    public static PatternNode Repeat(PatternNode part, int least, int most) => (part.Consumes, least, most) switch
    {
        (_, _, 0) => Empty,
        (_, 1, 1) => part,
        (false, 0, _) => new ChoiceNode([part, Empty]),
        (false, _, _) => part,
        _ => new RepeatNode(part, least, most),
    };
}

internal sealed class SetNode(CharacterSet set) : PatternNode(1, consumes: true)
{
    public CharacterSet Set => set;
}

internal sealed class AssertionNode(PatternAssertion assertion) : PatternNode(1, consumes: false)
{
    public PatternAssertion Assertion => assertion;
}

internal sealed class SequenceNode(PatternNode[] parts)
    : PatternNode(parts.Sum(part => part.States), parts.Any(part => part.Consumes))
{
    public PatternNode[] Parts => parts;
}

internal sealed class ChoiceNode(PatternNode[] parts)
    : PatternNode(parts.Sum(part => part.States) + parts.Length - 1, parts.Any(part => part.Consumes))
{
    public PatternNode[] Parts => parts;
}

/// <param name="part">What is repeated.</param>
/// <param name="least">How often at least.</param>
/// <param name="most">How often at most; <see cref="Unbounded"/> for as often as one likes.</param>
internal sealed class RepeatNode(PatternNode part, int least, int most) : PatternNode(Written(part.States, least, most), consumes: true)
{
    public const int Unbounded = int.MaxValue;

    public PatternNode Part => part;

    public int Least => least;

    public int Most => most;

    // Each copy that may be left out has a fork before it; a loop has one behind it.
    private static long Written(long states, int least, int most) => most == Unbounded
        ? Math.Max(least, 1) * states + 1
        : Math.Min(least * states, Countless) + (most - least) * (states + 1);
}

/// <summary>What must hold between two characters.</summary>
internal enum PatternAssertion
{
    Start,
    LineStart,
    End,
    EndOrLastNewLine,
    LineEnd,
    WordBoundary,
    NoWordBoundary,
}
