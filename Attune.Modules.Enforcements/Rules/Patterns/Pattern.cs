using System.Text.RegularExpressions;
using Attune.Db;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// A regular expression in .NET's spelling and meaning, whose cost is known beforehand: it has at most <see cref="MostStates"/> states,
/// each of which is looked at once for each character at the very most. It may be used by any number of callers at once.
/// </summary>
internal sealed partial class Pattern
{
    public const int MostCharacters = 1_000;
    public const int MostStates = 10_000;

    private readonly PatternProgram _program;
    private readonly PatternSearch? _search;
    private readonly Lazy<TransitionCache> _cache;

    private Pattern(string text, PatternNode whole)
    {
        Text = text;
        _program = new(whole);
        _search = PatternSearch.Of(whole, _program);
        _cache = new(() => new(_program));
    }

    [GeneratedRegex(@"\(\?[imnsxIMNSX+-]+", RegexOptions.CultureInvariant)]
    private static partial Regex Options { get; }

    public string Text { get; }

    /// <summary>States of its automaton, with every repetition written out.</summary>
    public int States => _program.Count;

    /// <summary>About how many bytes it keeps of what it has learned from texts.</summary>
    public int LearnedBytes => _cache.IsValueCreated ? _cache.Value.Bytes : 0;

    /// <param name="text">The pattern.</param>
    /// <param name="place">Where it stands, for a message.</param>
    /// <param name="ignoreCase">Whether upper and lower case are the same, as with (?i) in front.</param>
    /// <exception cref="RefusedException">It is no regular expression, takes backtracking, or comes to too many states.</exception>
    public static Pattern Parse(string text, string place, bool ignoreCase = false)
    {
        if (text.Length > MostCharacters)
        {
            throw RefusedException.Invalid(place, $"{place} is longer than {MostCharacters:N0} characters.");
        }

        var whole = PatternShape.Trimmed(PatternParser.Parse(text, WellFormed(text, place).GetGroupNumbers(), ignoreCase, place));
        return whole.States < MostStates
            ? new(text, whole)
            : throw RefusedException.Invalid(place, string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{place} comes to {(whole.States == PatternNode.Countless ? "at least " : "")}{whole.States + 1:N0} states, and at most {
                    MostStates:N0} are allowed: a repetition within a repetition multiplies them, as (a{{1000}}){{1000}} does."));
    }

    /// <summary>Whether it matches anywhere in the text.</summary>
    /// <exception cref="BudgetExceededException">It takes too many steps: one for each state that is looked at for a character.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public bool IsMatch(ReadOnlySpan<char> text, EvaluationBudget budget) =>
        new PatternRun(_program, _search, _cache.Value, text, budget).IsMatch();

    // What is well-formed does not depend on case, and .NET takes milliseconds for each class with (?i), of which there can be hundreds.
    // So it is first asked with another option in its stead, which says nothing where the letters are none of an option.
    private static Regex WellFormed(string text, string place)
    {
        try
        {
            var caseless = Options.Replace(text, static options => options.Value.Replace('i', 's').Replace('I', 's'));
            return new(caseless, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException)
        {
            return AsWritten(text, place);
        }
    }

    private static Regex AsWritten(string text, string place)
    {
        try
        {
            return new(text, RegexOptions.CultureInvariant);
        }
        catch (ArgumentException error)
        {
            throw RefusedException.Invalid(place, $"{place} is not a regular expression: {error.Message}");
        }
    }
}
