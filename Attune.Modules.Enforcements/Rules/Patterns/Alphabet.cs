namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// The characters as a pattern sees them: those that are in exactly the same of its sets are one symbol. Two more stand for a newline
/// that is the last character, and for the end.
/// </summary>
internal sealed class Alphabet
{
    private const int Latin = 256;

    // Below 256 by the character; above, the upper byte says between which ranges to look.
    private readonly ushort[] _latin = new ushort[Latin];
    private readonly ushort[] _pages = new ushort[CharacterSet.CodeUnits / Latin + 1];
    private readonly int[] _starts;
    private readonly ushort[] _symbols;

    public Alphabet(IReadOnlyCollection<CharacterSet> sets)
    {
        var starts = new SortedSet<int> { 0 };
        foreach (var set in sets)
        {
            foreach (var change in set.Changes)
            {
                starts.Add(change);
            }
        }

        starts.Remove(CharacterSet.CodeUnits);
        _starts = [.. starts];
        _symbols = new ushort[_starts.Length];
        Count = 1;
        foreach (var set in sets)
        {
            Split(set);
        }

        for (var page = 0; page < _pages.Length; page++)
        {
            _pages[page] = (ushort)Range(page * Latin);
        }

        for (var one = 0; one < Latin; one++)
        {
            _latin[one] = _symbols[Range(one)];
        }
    }

    /// <summary>How many symbols characters have; the two others follow.</summary>
    public int Count { get; private set; }

    public int LastNewLine => Count;

    public int End => Count + 1;

    /// <summary>All symbols, the two last ones too.</summary>
    public int Width => Count + 2;

    public int this[char one] => one < Latin ? _latin[one] : Wide(one);

    /// <summary>The symbols that a set is made of.</summary>
    public IEnumerable<int> Of(CharacterSet set)
    {
        for (var at = 0; at < set.Changes.Length; at += 2)
        {
            var end = set.Changes[at + 1];
            for (var range = Range(set.Changes[at]); range < _starts.Length && _starts[range] < end; range++)
            {
                yield return _symbols[range];
            }
        }
    }

    private int Wide(char one)
    {
        var (from, to) = (_pages[one >> 8], _pages[(one >> 8) + 1]);
        while (from < to)
        {
            var middle = (ushort)((from + to + 1) / 2);
            if (_starts[middle] <= one)
            {
                from = middle;
            }
            else
            {
                to = (ushort)(middle - 1);
            }
        }

        return _symbols[from];
    }

    private int Range(int one)
    {
        var place = Array.BinarySearch(_starts, one);
        return place < 0 ? ~place - 1 : place;
    }

    // Symbols of which only a part is in the set become two.
    private void Split(CharacterSet set)
    {
        var inside = new bool[_starts.Length];
        var (all, within) = (new int[Count], new int[Count]);
        for (var at = 0; at < set.Changes.Length; at += 2)
        {
            for (var range = Range(set.Changes[at]); range < _starts.Length && _starts[range] < set.Changes[at + 1]; range++)
            {
                inside[range] = true;
                within[_symbols[range]]++;
            }
        }

        foreach (var symbol in _symbols)
        {
            all[symbol]++;
        }

        var parts = new int[all.Length];
        for (var range = 0; range < _starts.Length; range++)
        {
            var symbol = _symbols[range];
            if (inside[range] && within[symbol] < all[symbol])
            {
                parts[symbol] = parts[symbol] == 0 ? Count++ : parts[symbol];
                _symbols[range] = (ushort)parts[symbol];
            }
        }
    }
}
