namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// What has been found out of a pattern: which set of states a symbol leads to from another. It is read without a lock, and stops
/// growing at its bounds; what is not in it is worked out each time. It changes how soon an answer comes, never what it costs of
/// the budget, or whether a rule fires would depend on the texts that came before.
/// </summary>
internal sealed class TransitionCache
{
    /// <summary>Sets of states of one pattern.</summary>
    public const int MostSets = 2_000;

    /// <summary>Bytes of one pattern, about.</summary>
    public const int MostBytes = 512 * 1024;

    /// <summary>Bytes of all patterns of the process, about.</summary>
    public const long MostBytesOfAll = 64 * 1024 * 1024;

    public const int Match = 0x7FFE;
    public const int NoMatch = 0x7FFD;

    private const int MostStarts = 4;

    // What a set takes beside its states, in the list and the dictionary.
    private const int BytesPerSet = 128;

    private static long _bytesOfAll;

    private readonly PatternProgram _program;
    private readonly int _mostSets;
    private readonly int _width;
    private readonly Lock _lock = new();
    private readonly Dictionary<KnownStates, int> _numbers = [];
    private readonly List<KnownStates> _sets = [];
    private readonly int[] _startBehind;
    private int[] _table;
    private int _bytes;

    /// <param name="program">The states of the pattern.</param>
    /// <param name="mostSets">How many sets it may have beside those of <see cref="Starts"/>.</param>
    public TransitionCache(PatternProgram program, int mostSets = MostSets)
    {
        (_program, _mostSets) = (program, mostSets);
        _width = program.Alphabet.Width;
        _table = new int[MostStarts * _width];
        Count(_table.Length * sizeof(int));
        AddStart(program.StartContext);
        _startBehind = program.StartsAnywhere
            ? [.. Enumerable.Range(0, program.Alphabet.End).Select(symbol => AddStart(program.ContextBehind(symbol)))]
            : [];
        Starts = _sets.Count;
    }

    ~TransitionCache() => Interlocked.Add(ref _bytesOfAll, -_bytes);

    /// <summary>About how many bytes all patterns of the process hold.</summary>
    public static long BytesOfAll => Interlocked.Read(ref _bytesOfAll);

    /// <summary>About how many bytes it holds.</summary>
    public int Bytes => Volatile.Read(ref _bytes);

    /// <summary>So many sets, from 0 on, are those in which no match has begun; 0 is that of the text's beginning.</summary>
    public int Starts { get; }

    /// <summary>
    /// By set and symbol: in the upper half the next set, or <see cref="Match"/> or <see cref="NoMatch"/>, and in the lower the steps.
    /// 0 is not known yet. It is replaced when it grows; what an older one says stays true.
    /// </summary>
    public int[] Table => Volatile.Read(ref _table);

    public static int NextOf(int entry) => entry >> 16;

    public static int StepsOf(int entry) => entry & ushort.MaxValue;

    /// <summary>The states of a set, and what came before them.</summary>
    public KnownStates Set(int number)
    {
        lock (_lock)
        {
            return _sets[number];
        }
    }

    /// <summary>The set in which no match has begun, behind a symbol.</summary>
    public int StartBehind(int symbol) => _startBehind[symbol];

    /// <summary>Works an entry out and keeps it; 0 when there is no room for the set that it leads to.</summary>
    public int Learn(int from, int symbol, ref StateSet passed, ref StateSet next)
    {
        var set = Set(from);
        var steps = PatternStep.Take(_program, set.States, set.Before, symbol, ref passed, ref next, out var matches);
        next.Sort();
        lock (_lock)
        {
            var number = matches ? Match
                : next.Count == 0 ? NoMatch
                : Number(next.Items, _program.ContextBehind(symbol));
            return number < 0 ? 0 : _table[from * _width + symbol] = number << 16 | steps;
        }
    }

    // Of a set that is new, too; -1 when there is no room for it.
    private int Number(ReadOnlySpan<ushort> states, PatternContext before)
    {
        var set = new KnownStates(states.ToArray(), before);
        if (_numbers.TryGetValue(set, out var known))
        {
            return known;
        }

        var isFull = (_sets.Count + 1) * _width > _table.Length;
        var bytes = BytesPerSet + states.Length * sizeof(ushort) + (isFull ? _table.Length * sizeof(int) : 0);
        if (_sets.Count >= Starts + _mostSets || _bytes + bytes > MostBytes || BytesOfAll + bytes > MostBytesOfAll)
        {
            return -1;
        }

        Count(bytes);
        if (isFull)
        {
            var larger = new int[2 * _table.Length];
            _table.CopyTo(larger, 0);
            Volatile.Write(ref _table, larger);
        }

        return Add(set);
    }

    // There are four at most: behind nothing, a newline, what is in a word, and anything else.
    private int AddStart(PatternContext before)
    {
        var set = new KnownStates([_program.Start], before);
        return _numbers.TryGetValue(set, out var known) ? known : Add(set);
    }

    private int Add(KnownStates set)
    {
        _sets.Add(set);
        _numbers.Add(set, _sets.Count - 1);
        return _sets.Count - 1;
    }

    private void Count(int bytes)
    {
        _bytes += bytes;
        Interlocked.Add(ref _bytesOfAll, bytes);
    }
}

/// <summary>States that a text has led to, in order, and what the last character is to assertions.</summary>
internal readonly record struct KnownStates(ushort[] States, PatternContext Before)
{
    public bool Equals(KnownStates other) => Before == other.Before && States.AsSpan().SequenceEqual(other.States);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.AddBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(States.AsSpan()));
        hash.Add(Before);
        return hash.ToHashCode();
    }
}
