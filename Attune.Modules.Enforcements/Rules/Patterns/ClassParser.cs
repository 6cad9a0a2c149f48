namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// Reads what stands in brackets: ranges, named sets, and what is taken away again, as in [a-z-[aeiou]]. It follows .NET's own reader
/// step by step, for what a hyphen or a bracket means depends on what was read before.
/// </summary>
internal sealed class ClassParser(PatternReader reader, bool ignoreCase)
{
    /// <summary>The set of a class whose first bracket has been read.</summary>
    public CharacterSet Read()
    {
        var isOpposite = reader.TakeIf('^');
        var ranges = new List<(int, int)>();
        var named = new HashSet<CharacterSet>(ReferenceEqualityComparer.Instance);
        var without = CharacterSet.Nothing;
        char? rangeStart = null;
        for (var isFirst = true; ; isFirst = false)
        {
            var one = reader.Take();
            var isEscaped = false;
            if (one == ']' && !isFirst)
            {
                break;
            }

            if (one == '\\')
            {
                if (reader.TakeNamedSet(ignoreCase) is { } set)
                {
                    named.Add(set);
                    continue;
                }

                if (reader.TakeIf('-'))
                {
                    ranges.Add((rangeStart ?? '-', '-' + 1));
                    rangeStart = null;
                    continue;
                }

                (one, isEscaped) = (reader.TakeEscaped(), true);
            }

            if (rangeStart is { } start)
            {
                rangeStart = null;
                if (one == '[' && !isEscaped && !isFirst)
                {
                    ranges.Add((start, start + 1));
                    without = Read();
                }
                else
                {
                    ranges.Add((start, one + 1));
                }
            }
            else if (reader.Next == '-' && reader.Ahead(1) != ']')
            {
                rangeStart = one;
                reader.At++;
            }
            else if (one == '-' && !isEscaped && !isFirst && reader.TakeIf('['))
            {
                without = Read();
            }
            else
            {
                ranges.Add((one, one + 1));
            }
        }

        var written = CharacterSet.Of(ranges);
        var all = new List<(int, int)>();
        (ignoreCase ? KnownSets.IgnoringCase(written) : written).AddTo(all);
        foreach (var set in named)
        {
            set.AddTo(all);
        }

        var whole = CharacterSet.Of(all);
        return (isOpposite ? whole.Opposite() : whole).Without(without);
    }
}
