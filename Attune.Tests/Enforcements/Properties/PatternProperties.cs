using System.Text.RegularExpressions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Enforcements.Rules.Patterns;
using CsCheck;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>Patterns beside .NET's regular expressions, on random ones of them and random texts.</summary>
[TestFixture]
public sealed partial class PatternProperties
{
    // Of ten texts each.
    private const int Patterns = 10_000;

    [Test]
    public void Patterns_match_what_the_regular_expressions_of_dotnet_match_and_cost_the_same_whatever_was_learned_before()
    {
        var (matched, refused) = (0, 0);

        PatternPairs.All.Sample(pair =>
        {
            var written = pair.Pattern.Replace($"{PatternPairs.Nothing}", "", StringComparison.Ordinal);
            if (Expected(pair.Pattern, pair.IgnoreCase) is not { } expected)
            {
                Interlocked.Increment(ref refused);
                return IsRefused(written, pair.IgnoreCase);
            }

            var pattern = Pattern.Parse(written, "value", pair.IgnoreCase);
            var program = Program(written, pair.IgnoreCase, out var search);
            var learnsNothing = new TransitionCache(program, mostSets: 0);
            foreach (var text in pair.Texts)
            {
                if (Answer(expected, text) is not { } isMatch)
                {
                    continue;
                }

                Interlocked.Add(ref matched, isMatch ? 1 : 0);
                var (learning, learned, without) = (Budget(), Budget(), Budget());
                if (pattern.IsMatch(text, learning) != isMatch || pattern.IsMatch(text, learned) != isMatch
                    || new PatternRun(program, search, learnsNothing, text, without).IsMatch() != isMatch
                    || learning.Steps != learned.Steps || learning.Steps != without.Steps
                    || learning.Steps > pattern.States * (text.Length + 1L) + 1)
                {
                    return false;
                }
            }

            return true;
        }, iter: Patterns, print: pair => $"{pair.IgnoreCase} {JsonText(pair.Pattern)} {string.Join(' ', pair.Texts.Select(JsonText))}");

        // Pairs that never meet would prove nothing.
        Assert.Multiple(() =>
        {
            Assert.That(matched, Is.InRange(2 * Patterns, 8 * Patterns));
            Assert.That(refused, Is.LessThan(Patterns / 20));
        });
    }

    // Null when it is none.
    private static Regex? Expected(string pattern, bool ignoreCase)
    {
        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
        var written = pattern.Replace($"{PatternPairs.Nothing}", @"(?:\b|\B)", StringComparison.Ordinal);
        try
        {
            // .NET holds that no word character is in \D, and gives none back before \B: \D{1,3}\B does not match "[\nμ-" with it. Said in
            // another way it is not lost.
            _ = new Regex(written, options);
            return new(NonBoundary().Replace(written, @"(?!\b)"), options, TimeSpan.FromMilliseconds(50));
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"(?<=(?<!\\)(?:\\\\)*)\\B")]
    private static partial Regex NonBoundary();

    // Null when it does not come to an end, as that of ((?:(a|))+?){0,2}|b, which either takes too long or overflows its stack.
    private static bool? Answer(Regex expected, string text)
    {
        try
        {
            return expected.IsMatch(text);
        }
        catch (Exception error) when (error is RegexMatchTimeoutException or OverflowException)
        {
            return null;
        }
    }

    private static bool IsRefused(string pattern, bool ignoreCase)
    {
        try
        {
            Pattern.Parse(pattern, "value", ignoreCase);
            return false;
        }
        catch (RefusedException)
        {
            return true;
        }
    }

    private static PatternProgram Program(string pattern, bool ignoreCase, out PatternSearch? search)
    {
        var groups = new Regex(pattern, RegexOptions.CultureInvariant).GetGroupNumbers();
        var whole = PatternShape.Trimmed(PatternParser.Parse(pattern, groups, ignoreCase, "value"));
        var program = new PatternProgram(whole);
        search = PatternSearch.Of(whole, program);
        return program;
    }

    private static EvaluationBudget Budget() => new(EvaluationBudget.MostSteps, CancellationToken.None);

    private static string JsonText(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
