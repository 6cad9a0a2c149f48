using System.Collections.Concurrent;
using System.Globalization;
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

    private static readonly Regex Twice =
        new(@"^(.)\1$", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.Singleline);

    private static readonly Lazy<(char[] Letters, char[][] Same)> Cases = new(FindCases);

    /// <summary>What stands on one side of \b: \w, and the two joiners that .NET counts as parts of a word there.</summary>
    public static CharacterSet Word { get; } = Named(@"\w").Union(CharacterSet.Of([(0x200C, 0x200E)]));

    /// <param name="name">As it is written in a pattern, and known to be one that .NET takes.</param>
    /// <param name="ignoreCase">Whether it stands where case is ignored: there \p{Lu} has all letters with case.</param>
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
                    if (!set.Contains(letter))
                    {
                        ranges.Add((letter, letter + 1));
                    }
                }
            }
        }

        return CharacterSet.Of(ranges);
    }

    private static CharacterSet Members(string pattern, bool ignoreCase)
    {
        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        var regex = new Regex($"(?:{pattern})+", options);
        var ranges = new List<(int, int)>();
        foreach (var match in regex.EnumerateMatches(AllCodeUnits))
        {
            ranges.Add((match.Index, match.Index + match.Length));
        }

        return CharacterSet.Of(ranges);
    }

    // Which letters are the same, .NET's table for regular expressions says. It is not that of ToUpperInvariant, as the Kelvin sign shows,
    // and may know letters that the system's own does not: so those that are left are held against each other.
    private static (char[] Letters, char[][] Same) FindCases()
    {
        var found = new SortedDictionary<char, char[]>();
        foreach (var group in AllCodeUnits.GroupBy(one => char.ToUpperInvariant(char.ToLowerInvariant(one))))
        {
            AddSame([.. group], found);
        }

        var left = AllCodeUnits.Where(one => IsCased(one) && !found.ContainsKey(one)).ToArray();
        foreach (var letter in left)
        {
            var same = new List<char>();
            var regex = new Regex(letter.ToString(), RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
            foreach (var match in regex.EnumerateMatches(left))
            {
                same.Add(left[match.Index]);
            }

            if (same.Count > 1)
            {
                found[letter] = [.. same];
            }
        }

        return ([.. found.Keys], [.. found.Values]);
    }

    private static void AddSame(char[] group, SortedDictionary<char, char[]> found)
    {
        if (group.Length == 1)
        {
            return;
        }

        foreach (var letter in group)
        {
            var same = Array.FindAll(group, other => other == letter || Twice.IsMatch([letter, other]));
            if (same.Length > 1)
            {
                found[letter] = same;
            }
        }
    }

    private static bool IsCased(char one) => char.GetUnicodeCategory(one)
        is UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter;
}
