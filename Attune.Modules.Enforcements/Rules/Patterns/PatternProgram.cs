namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// The automaton of a pattern (Thompson's): each state takes a symbol of a set, holds an assertion, leads on two ways, or is the end.
/// Repetitions are written out.
/// </summary>
internal sealed class PatternProgram
{
    private readonly PatternState[] _states;
    private readonly IReadOnlyList<CharacterSet> _sets;
    private readonly ulong[] _takenBy;
    private readonly int _wordsPerSymbol;
    private readonly PatternContext[] _contexts;

    public PatternProgram(PatternNode whole)
    {
        var writer = new PatternWriter(whole);
        (_states, _sets, Start) = (writer.States, writer.Sets, writer.Start);
        StartsAnywhere = !PatternShape.IsAnchored(whole);

        var matters = Matters();
        var seen = new List<CharacterSet>(_sets);
        if ((matters & (PatternContext.NewLine | PatternContext.LastNewLine)) != 0)
        {
            seen.Add(CharacterSet.NewLine);
        }

        if ((matters & PatternContext.Word) != 0)
        {
            seen.Add(KnownSets.Word);
        }

        Alphabet = new(seen);
        TellsLastNewLine = (matters & PatternContext.LastNewLine) != 0;
        _contexts = Contexts(matters);
        StartContext = matters & PatternContext.Start;
        _wordsPerSymbol = (_sets.Count + 63) / 64;
        _takenBy = new ulong[Alphabet.Width * _wordsPerSymbol];
        for (var set = 0; set < _sets.Count; set++)
        {
            foreach (var symbol in Alphabet.Of(_sets[set]))
            {
                _takenBy[symbol * _wordsPerSymbol + set / 64] |= 1UL << set;
            }
        }

        var newLine = _takenBy.AsSpan(Alphabet['\n'] * _wordsPerSymbol, _wordsPerSymbol);
        newLine.CopyTo(_takenBy.AsSpan(Alphabet.LastNewLine * _wordsPerSymbol));
    }

    public Alphabet Alphabet { get; }

    public ushort Start { get; }

    public int Count => _states.Length;

    /// <summary>False when it can match at the beginning of the text only.</summary>
    public bool StartsAnywhere { get; }

    /// <summary>What is before the first character, as far as the pattern asks.</summary>
    public PatternContext StartContext { get; }

    /// <summary>Whether a newline at the end is another symbol than one before it.</summary>
    public bool TellsLastNewLine { get; }

    public ReadOnlySpan<PatternState> States => _states;

    /// <summary>What a symbol is to assertions on either side of it, as far as the pattern asks.</summary>
    public PatternContext Context(int symbol) => _contexts[symbol];

    /// <summary>What a symbol is to assertions behind it.</summary>
    public PatternContext ContextBehind(int symbol) => _contexts[symbol] & (PatternContext.NewLine | PatternContext.Word);

    public CharacterSet Set(PatternState state) => _sets[state.Argument];

    /// <summary>The sets that have a symbol; the end is in none.</summary>
    public SymbolSets Taken(int symbol) => new(_takenBy.AsSpan(symbol * _wordsPerSymbol, _wordsPerSymbol));

    private PatternContext Matters() => _states
        .Where(state => state.Kind == PatternStateKind.Assertion)
        .Aggregate(PatternContext.None, (all, state) => all | (PatternAssertion)state.Argument switch
        {
            PatternAssertion.Start => PatternContext.Start,
            PatternAssertion.LineStart => PatternContext.Start | PatternContext.NewLine,
            PatternAssertion.End => PatternContext.End,
            PatternAssertion.EndOrLastNewLine => PatternContext.End | PatternContext.LastNewLine,
            PatternAssertion.LineEnd => PatternContext.End | PatternContext.NewLine,
            _ => PatternContext.Word,
        });

    private PatternContext[] Contexts(PatternContext matters)
    {
        var contexts = new PatternContext[Alphabet.Width];
        var newLine = Alphabet['\n'];
        contexts[newLine] |= PatternContext.NewLine;
        contexts[Alphabet.LastNewLine] |= PatternContext.NewLine | PatternContext.LastNewLine;
        contexts[Alphabet.End] |= PatternContext.End;
        if ((matters & PatternContext.Word) != 0)
        {
            foreach (var symbol in Alphabet.Of(KnownSets.Word))
            {
                contexts[symbol] |= PatternContext.Word;
            }
        }

        return [.. contexts.Select(context => context & matters)];
    }
}

/// <summary>Which sets a symbol is in.</summary>
internal readonly ref struct SymbolSets(ReadOnlySpan<ulong> bits)
{
    private readonly ReadOnlySpan<ulong> _bits = bits;

    public bool Has(int set) => (_bits[set >> 6] >> set & 1) != 0;
}

/// <summary>A state; what its argument is depends on the kind: the place of a set, or an assertion.</summary>
internal readonly record struct PatternState(PatternStateKind Kind, ushort Argument, ushort Next, ushort Other)
{
    public PatternState(PatternStateKind kind, int argument, int next, int other)
        : this(kind, (ushort)argument, (ushort)next, (ushort)other)
    {
    }
}

internal enum PatternStateKind : byte
{
    Set,
    Assertion,
    Fork,
    Match,
}

/// <summary>What assertions can ask of the character before or after a place.</summary>
[Flags]
internal enum PatternContext : byte
{
    None = 0,

    /// <summary>Before: there is none.</summary>
    Start = 1,

    NewLine = 2,
    Word = 4,

    /// <summary>After: there is none.</summary>
    End = 8,

    /// <summary>After: it is a newline, and the last character.</summary>
    LastNewLine = 16,
}
