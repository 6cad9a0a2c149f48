using System.Text.RegularExpressions;
using Attune.Db;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Patterns;

internal sealed class Pattern(Regex regex)
{
    public static Pattern Parse(string text, string place, bool ignoreCase)
    {
        try
        {
            return new(new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None)));
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            throw RefusedException.Invalid(place, $"{place} is not a regular expression: {error.Message}");
        }
    }

    public bool IsMatch(ReadOnlySpan<char> text, EvaluationBudget budget)
    {
        budget.Spend(text.Length);
        return regex.IsMatch(text);
    }
}
