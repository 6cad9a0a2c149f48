namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// A set of UTF-16 code units, as the places where membership changes: from the first on they are in it, from the second on they are
/// not, and so forth. A list of changes is small where a bitmap would take 8 kB, and is joined or turned round in one pass.
/// </summary>
internal sealed class CharacterSet : IEquatable<CharacterSet>
{
    public const int CodeUnits = char.MaxValue + 1;

    public static readonly CharacterSet Nothing = new([]);
    public static readonly CharacterSet Everything = new([0, CodeUnits]);
    public static readonly CharacterSet NewLine = Of('\n');
    public static readonly CharacterSet AllButNewLine = NewLine.Opposite();

    private readonly int[] _changes;

    private CharacterSet(int[] changes) => _changes = changes;

    /// <summary>Starts of ranges at even places, what follows their ends at odd ones.</summary>
    public ReadOnlySpan<int> Changes => _changes;

    /// <summary>How many code units it has.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            for (var at = 0; at < _changes.Length; at += 2)
            {
                count += _changes[at + 1] - _changes[at];
            }

            return count;
        }
    }

    public static CharacterSet Of(char one) => new([one, one + 1]);

    /// <summary>The ranges, which may overlap and come in any order; the second of each is what follows its end.</summary>
    public static CharacterSet Of(List<(int Start, int End)> ranges)
    {
        ranges.Sort();
        var changes = new List<int>(2 * ranges.Count);
        foreach (var (start, end) in ranges)
        {
            if (changes.Count > 0 && start <= changes[^1])
            {
                changes[^1] = Math.Max(changes[^1], end);
            }
            else
            {
                changes.Add(start);
                changes.Add(end);
            }
        }

        return new([.. changes]);
    }

    public bool Contains(char one)
    {
        var place = Array.BinarySearch(_changes, one);
        return ((place < 0 ? ~place - 1 : place) & 1) == 0;
    }

    /// <summary>Every code unit that is not in it.</summary>
    public CharacterSet Opposite()
    {
        var changes = new List<int>(_changes.Length + 2);
        if (_changes is not [0, ..])
        {
            changes.Add(0);
        }

        changes.AddRange(_changes is [0, ..] ? _changes.AsSpan(1) : _changes);
        if (changes is [.., CodeUnits])
        {
            changes.RemoveAt(changes.Count - 1);
        }
        else
        {
            changes.Add(CodeUnits);
        }

        return new([.. changes]);
    }

    public CharacterSet Union(CharacterSet other)
    {
        var ranges = new List<(int, int)>();
        AddTo(ranges);
        other.AddTo(ranges);
        return Of(ranges);
    }

    public CharacterSet Without(CharacterSet other) => Opposite().Union(other).Opposite();

    public void AddTo(List<(int Start, int End)> ranges)
    {
        for (var at = 0; at < _changes.Length; at += 2)
        {
            ranges.Add((_changes[at], _changes[at + 1]));
        }
    }

    /// <summary>The code units in order.</summary>
    public IEnumerable<char> CharactersInOrder()
    {
        for (var at = 0; at < _changes.Length; at += 2)
        {
            for (var one = _changes[at]; one < _changes[at + 1]; one++)
            {
                yield return (char)one;
            }
        }
    }

    public bool Equals(CharacterSet? other) => other is not null && _changes.AsSpan().SequenceEqual(other._changes);

    public override bool Equals(object? obj) => Equals(obj as CharacterSet);

    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var change in _changes)
        {
            hash.Add(change);
        }

        return hash.ToHashCode();
    }
}
