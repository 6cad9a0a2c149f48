using Attune.Db;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>
/// Tries a pattern before it is saved. Without backtracking its time is in proportion to the text, but by a factor that a few
/// patterns make enormous: (a.{0,40}){0,40} has more states than fit into memory, and would hold up every append. No bound on
/// the pattern tells those from harmless ones; what a short text makes them allocate does, and on any machine the same.
/// </summary>
internal static class PatternTrial
{
    // Harmless patterns come to 40 MB at the very most, the others to gigabytes.
    private const long MostBytes = 64 * 1024 * 1024;

    private const int ShortestText = 16;
    private const int LongestText = 512;

    // Stands for what the pattern does not name.
    private const char Other = '~';

    /// <exception cref="RefusedException">A pattern takes too much; the field names it.</exception>
    public static void Check(RuleConditions conditions)
    {
        for (var index = 0; index < conditions.Items.Count; index++)
        {
            if (conditions.Items[index] is { Operator: ConditionOperators.MatchesName, Expected: { } pattern })
            {
                Check(pattern.GetString()!, $"conditions[{index}].value");
            }
        }
    }

    private static void Check(string pattern, string place)
    {
        // One of its own: what it learns from these texts is of no use later.
        var tried = ConditionOperators.Pattern(pattern, place);
        var alphabets = Alphabets(pattern);
        for (var length = ShortestText; length <= LongestText; length *= 2)
        {
            foreach (var alphabet in alphabets)
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                tried.IsMatch(Text(alphabet, length));
                if (GC.GetAllocatedBytesForCurrentThread() - before > MostBytes)
                {
                    throw RefusedException.Invalid(
                        place, $"{place} takes too much memory to be matched. A repetition within a repetition, such as (a.{{0,40}}){{0,40}}, does that.");
                }
            }
        }
    }

    // Few letters, so that everything in the pattern is met again and again, and one at a time, so that not all of it is found.
    private static List<char[]> Alphabets(string pattern)
    {
        var letters = pattern.Where(char.IsLetterOrDigit).Distinct().ToArray();
        return
        [
            [.. letters, 'a', '0', ' ', '-', ',', '.', Other],
            [.. letters.Take(3), 'a'],
            .. letters.Take(4).Append('a').Distinct().Select(letter => (char[])[letter, Other]),
        ];
    }

    // Always the same text, so that what was accepted once is accepted again.
    private static string Text(char[] alphabet, int length)
    {
        var random = new Random(length);
        return string.Create(length, (alphabet, random), static (text, from) =>
        {
            for (var at = 0; at < text.Length; at++)
            {
                text[at] = from.alphabet[from.random.Next(from.alphabet.Length)];
            }
        });
    }
}
