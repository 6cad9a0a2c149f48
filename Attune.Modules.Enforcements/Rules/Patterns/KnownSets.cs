using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// Sets that have a name, such as \w or \p{IsGreek}, and letters that differ by case only. .NET itself is asked for each, once: the
/// names are its own, and so few that all of them together take less than a megabyte.
/// </summary>
internal static class KnownSets
{
    private static readonly ConcurrentDictionary<(string Name, bool IgnoreCase), CharacterSet> ByName = new();

    private static readonly string AllCodeUnits =
        string.Create(CharacterSet.CodeUnits, 0, static (text, _) =>
        {
            for (var at = 0; at < text.Length; at++)
            {
                text[at] = (char)at;
            }
        });

    private static readonly Lazy<(char[] Letters, char[][] Same)> Cases = new(FindCases);

    /// <summary>What stands on one side of \b: \w, and the two joiners that .NET counts as parts of a word there.</summary>
    public static CharacterSet Word { get; } = Named(@"\w").Union(CharacterSet.Of([(0x200C, 0x200E)]));

    /// <param name="name">As it is written in a pattern, and known to be one that .NET takes.</param>
    /// <param name="ignoreCase">Whether it stands in a part of the pattern that ignores case: there \p{Lu} has all letters with case.</param>
    public static CharacterSet Named(string name, bool ignoreCase = false) =>
        ByName.GetOrAdd((name, ignoreCase && name[1] is 'p' or 'P'), static key => Members(key.Name, key.IgnoreCase));

    /// <summary>The set with every letter that .NET takes for one of its own when case is ignored.</summary>
    public static CharacterSet IgnoringCase(CharacterSet set)
    {
        var (letters, same) = Cases.Value;
        var ranges = new List<(int, int)>();
        set.AddTo(ranges);
        for (var range = 0; range < set.Changes.Length; range += 2)
        {
            var place = Array.BinarySearch(letters, (char)set.Changes[range]);
            for (var at = place < 0 ? ~place : place; at < letters.Length && letters[at] < set.Changes[range + 1]; at++)
            {
                foreach (var letter in same[at])
                {
                    ranges.Add((letter, letter + 1));
                }
            }
        }

        return CharacterSet.Of(ranges);
    }

    private static CharacterSet Members(string pattern, bool ignoreCase)
    {
        var regex = new Regex($"(?:{pattern})+", RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None));
        var ranges = new List<(int, int)>();
        foreach (var match in regex.EnumerateMatches(AllCodeUnits))
        {
            ranges.Add((match.Index, match.Index + match.Length));
        }

        return CharacterSet.Of(ranges);
    }

    // Only what has two cases can have equals. Which those are, .NET's table for regular expressions says: it is not that of
    // ToUpperInvariant, as the Kelvin sign shows.
    private static (char[] Letters, char[][] Same) FindCases()
    {
        var candidates = AllCodeUnits
            .SelectMany(one => (char[])[char.ToUpperInvariant(one), char.ToLowerInvariant(one)], (one, other) => (one, other))
            .Where(pair => pair.one != pair.other)
            .SelectMany(pair => (char[])[pair.one, pair.other])
            .Distinct()
            .Order()
            .ToArray();
        var letters = new List<char>();
        var same = new List<char[]>();
        foreach (var letter in candidates)
        {
            var regex = new Regex(Regex.Escape(letter.ToString()), RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
            var equals = new List<char>();
            foreach (var match in regex.EnumerateMatches(candidates))
            {
                equals.Add(candidates[match.Index]);
            }

            if (equals.Count > 1)
            {
                letters.Add(letter);
                same.Add([.. equals]);
            }
        }

        return ([.. letters], [.. same]);
    }
}
