using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Attune.Modules.Enforcements.Rules.Evaluation;
using Attune.Modules.Enforcements.Rules.Patterns;

namespace Attune.Tests.Enforcements;

/// <summary>Patterns that were made to take all time and memory, and what they come to.</summary>
[TestFixture]
public sealed class PatternsTests
{
    private static readonly string AllCodeUnits = string.Concat(Enumerable.Range(0, 0x10000).Select(one => (char)one));

    [TestCase("(/.{0,40}){20}Z", "/~", 110, 100_000)]
    [TestCase("(@.{0,40}){20}Z", "@~", 110, 100_000)]
    [TestCase("(_.{0,40}){20}Z", "_~", 110, 100_000)]
    [TestCase("(<.{0,40}){20}Z", "<~", 110, 100_000)]
    [TestCase(@"(\x71.{0,40}){20}Z", "q~", 110, 100_000)]
    [TestCase(@"(\u0071.{0,40}){20}Z", "q~", 110, 100_000)]
    [TestCase(@"(\161.{0,40}){20}Z", "q~", 110, 100_000)]
    [TestCase(@"(\p{IsGreek}.{0,40}){20}Z", "αβ~", 110, 100_000)]
    [TestCase("([α-ω].{0,40}){20}Z", "αβ~", 110, 100_000)]
    [TestCase("(?i)(Q.{0,40}?){20}Z", "qQ~", 110, 100_000)]
    [TestCase("(/.{0,40}){20}Z", "/~", 128, 150_000)]
    [TestCase("(a.{0,40}){2}Z", "ab", 10_000, 1_000_000)]
    [TestCase("(a.{0,40}){0,40}Z", "ab", 300, 1_000_000)]
    [TestCase("(a?){300}a{300}Z", "a", 600, 1_000_000)]
    [TestCase("(a*)*b", "a", 10_000, 100_000)]
    [TestCase("(a|aa)+$", "ab", 10_000, 100_000)]
    [TestCase(@"^(\w+\s?)*$", "a ", 10_000, 100_000)]
    public void Patterns_that_held_up_everything_take_a_known_number_of_steps(string text, string letters, int length, long most)
    {
        var pattern = Pattern.Parse(text, "value");
        foreach (var seed in Enumerable.Range(0, 3))
        {
            var budget = Budget();
            pattern.IsMatch(Random(letters, length, seed) + "~", budget);
            Assert.That(budget.Steps, Is.LessThan(most));
        }
    }

    [TestCase("([ab].{0,100}){40}Z", "ab", 5_000)]
    [TestCase("(a.{0,40}){100}Z", "ab", 5_000)]
    [TestCase("^(.{0,70}a){60}Z", "ab", 5_000)]
    [TestCase("(a?){1000}a{1000}Z", "a", 5_000)]
    public void A_text_that_takes_too_many_steps_is_over_budget(string text, string letters, int length)
    {
        var pattern = Pattern.Parse(text, "value");
        foreach (var seed in Enumerable.Range(0, 3))
        {
            var error = Assert.Throws<BudgetExceededException>(() => pattern.IsMatch(Random(letters, length, seed), Budget(200_000)))!;
            Assert.That(error.Kind, Is.EqualTo(BudgetKind.Steps));
            Assert.That(pattern.LearnedBytes, Is.LessThanOrEqualTo(TransitionCache.MostBytes));
        }
    }

    [Test]
    public void A_pattern_stops_when_its_caller_has_gone()
    {
        var pattern = Pattern.Parse("(a.{0,40}){20}Z", "value");
        Assert.Throws<OperationCanceledException>(
            () => pattern.IsMatch(Random("ab", 5_000, 1), new(EvaluationBudget.MostSteps, new(canceled: true))));
    }

    [TestCase("((a{1000}){1000}){1000}")]
    [TestCase("((((((((a{99}){99}){99}){99}){99}){99}){99}){99}){99}")]
    [TestCase("((a{2147483647}){2147483647}){2147483647}")]
    [TestCase("(a{1000}b?){1000}")]
    [TestCase("(a.{0,400}){40}Z")]
    [TestCase(@"(?:\w{50}|\d{50}){100}")]
    [TestCase("x[^y]{20000}")]
    [TestCase("x.{0,2147483646}y")]
    [TestCase("(a{0,100}|){100,}b")]
    public void A_pattern_of_too_many_states_is_refused_before_they_are_built(string text)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var error = Refused(text);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1024 * 1024));
        Assert.That(error.Message, Does.StartWith("value comes to ").And.Contains(" states, and at most 10,000 are allowed"));
    }

    [TestCase(@"a(b)\1", "at offset 4, a backreference")]
    [TestCase(@"(?<n>b)\k<n>", "at offset 7, a backreference")]
    [TestCase(@"(?<n>b)\<n>", "at offset 7, a backreference")]
    [TestCase(@"(b)\'1'", "at offset 3, a backreference")]
    [TestCase("a(?=b)", "at offset 1, a look ahead")]
    [TestCase("a(?!b)", "at offset 1, a look ahead")]
    [TestCase("(?<=a)b", "at offset 0, a look behind")]
    [TestCase("(?<!a)b", "at offset 0, a look behind")]
    [TestCase("((?>a+)b)", "at offset 1, an atomic group")]
    [TestCase("(a)?(?(1)b|c)", "at offset 4, a condition")]
    [TestCase("(?(a)b|c)", "at offset 0, a condition")]
    [TestCase(@"\Ga", @"at offset 0, \G")]
    [TestCase("(?<a>x)(?<b-a>y)", "at offset 7, a balancing group")]
    [TestCase("(?<a>x)(?<-a>y)", "at offset 7, a balancing group")]
    public void A_pattern_that_takes_backtracking_is_refused_and_says_where(string text, string why) =>
        Assert.That(Refused(text).Message, Does.Contain(why));

    [TestCase("(")]
    [TestCase("a)")]
    [TestCase("[a")]
    [TestCase("[b-a]")]
    [TestCase("a**")]
    [TestCase("*a")]
    [TestCase("a{2,1}")]
    [TestCase("a{99999999999}")]
    [TestCase(@"\p{Foo}")]
    [TestCase(@"\1")]
    [TestCase(@"\k<n>")]
    [TestCase(@"\y")]
    [TestCase(@"a\")]
    [TestCase("(?<n")]
    [TestCase("(?#")]
    [TestCase("(?r)a")]
    public void What_dotnet_refuses_is_refused_in_its_words(string text)
    {
        var expected = Assert.Catch<ArgumentException>(() => _ = new Regex(text, RegexOptions.CultureInvariant))!;
        Assert.That(Refused(text).Message, Is.EqualTo($"value is not a regular expression: {expected.Message}"));
    }

    [Test]
    public void A_pattern_of_more_than_a_thousand_characters_is_refused()
    {
        Assert.That(Pattern.Parse(new string('a', 1_000), "value").States, Is.EqualTo(1_001));
        Assert.That(Refused(new string('a', 1_001)).Message, Is.EqualTo("value is longer than 1,000 characters."));
    }

    [Test]
    public void Any_pattern_of_a_thousand_characters_can_be_read_on_a_small_stack()
    {
        string[] patterns =
        [
            Nested("(", "a", ")"), Nested("(?:", "a", ")"), Nested("(", "a", ")*"), Nested("(", "a*", ")+"), Nested("(|", "a", ")*"),
            Nested("(?i:", "a", ")?"), Nested("(a|", "b", ")"), Nested("[a-[", "b", "]]"), new('|', 1_000), new('^', 1_000),
            Repeated(@"\w", 500), Repeated("[^a]", 250), Repeated("a*", 500), $"[{Repeated(@"\p{L}\W", 124)}]",
            $"(?i)[{AllCodeUnits.AsSpan(0x100, 990)}]",
        ];
        var answers = new List<bool>();
        var thread = new Thread(
            () => answers.AddRange(patterns.Select(text => Pattern.Parse(text, "value").IsMatch("bab", Budget()))), 256 * 1024);
        thread.Start();
        thread.Join();
        Assert.That(answers, Is.EqualTo(patterns.Select(text => Regex.IsMatch("bab", text, RegexOptions.CultureInvariant))));
    }

    [TestCase("(a*)*", "b", true)]
    [TestCase("^(a*)*$", "aab", false)]
    [TestCase("^(|a)+$", "aa", true)]
    [TestCase("^(|a)+$", "ab", false)]
    [TestCase("^(()*)*$", "", true)]
    [TestCase(@"^((\b)*a)+$", "aa", true)]
    [TestCase(@"^(\b){1000000}a", "a", true)]
    [TestCase(@"(\B){2}a", "a", false)]
    [TestCase("^(a{0}){1000000}$", "", true)]
    [TestCase("^(?:a+|){2}b", "b", true)]
    public void Loops_of_nothing_come_to_an_end(string text, string value, bool isMatch) =>
        Assert.That(Pattern.Parse(text, "value").IsMatch(value, Budget()), Is.EqualTo(isMatch));

    [Test]
    public void Twenty_patterns_of_the_kind_that_took_ten_seconds_to_save_are_small()
    {
        _ = Pattern.Parse(@"\w", "value");
        var before = GC.GetAllocatedBytesForCurrentThread();
        var patterns = Enumerable.Range(0, 20).Select(one => Pattern.Parse($"({(char)('a' + one)}.{{0,40}}){{20}}Z", "value")).ToList();
        Assert.That(patterns.Sum(pattern => pattern.States), Is.EqualTo(20 * 1_622));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(4 * 1024 * 1024));
    }

    [Test]
    public void What_is_learned_stays_within_its_bounds_and_is_forgotten_with_the_pattern()
    {
        var (learned, all) = LearnedByMany();

        Assert.That(all, Is.InRange(0, TransitionCache.MostBytesOfAll + TransitionCache.MostBytes));
        Assert.That(() =>
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            return TransitionCache.BytesOfAll;
        }, Is.LessThan(all - (learned / 2)).After(30_000, 100));
    }

    // The patterns live until all of them are counted, and none of them lives on when this has returned.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (long Learned, long All) LearnedByMany()
    {
        var patterns = Enumerable.Range(0, 30).Select(_ => Pattern.Parse("(a.{0,40}){2}Z", "value")).ToList();
        for (var round = 0; round < patterns.Count; round++)
        {
            patterns[round].IsMatch(Random("ab", 1_500, round), Budget());
            Assert.That(patterns[round].LearnedBytes, Is.InRange(50_000, TransitionCache.MostBytes));
        }

        var counted = (patterns.Sum(pattern => (long)pattern.LearnedBytes), TransitionCache.BytesOfAll);
        GC.KeepAlive(patterns);
        return counted;
    }

    [Test]
    public void Any_number_of_callers_can_share_a_pattern()
    {
        var pattern = Pattern.Parse(@"(?i)\b(a.{0,12}){4}z\b", "value");
        var texts = Enumerable.Range(0, 2_000).Select(seed => Random("abAz \n", 80, seed)).ToArray();
        var expected = texts.Select(text => Regex.IsMatch(text, pattern.Text, RegexOptions.CultureInvariant)).ToArray();
        var found = new bool[texts.Length];
        Parallel.For(0, texts.Length, new() { MaxDegreeOfParallelism = 8 }, at => found[at] = pattern.IsMatch(texts[at], Budget()));
        Assert.That(found, Is.EqualTo(expected));
        Assert.That(found, Has.Some.True.And.Some.False);
    }

    [TestCase("^feature/", "x", 2)]
    [TestCase("(?i)error|warn", "x", 100_000)]
    [TestCase("^[0-9a-f]{40}$", "0", 42)]
    [TestCase(@"\bfoo\b", "x", 100_000)]
    [TestCase(".*foo.*bar", "x", 100_000)]
    public void Usual_patterns_take_about_a_step_for_each_character(string text, string letter, long steps)
    {
        var budget = Budget();
        Assert.That(Pattern.Parse(text, "value").IsMatch(Random(letter, 100_000, 1), budget), Is.False);
        Assert.That(budget.Steps, Is.LessThanOrEqualTo(steps));
    }

    [Test]
    public void Letters_that_differ_by_case_are_those_of_dotnet()
    {
        foreach (var letter in AllCodeUnits)
        {
            var expected = new List<char>();
            var regex = new Regex(Regex.Escape($"{letter}"), RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
            foreach (var match in regex.EnumerateMatches(AllCodeUnits))
            {
                expected.Add((char)match.Index);
            }

            Assert.That(KnownSets.IgnoringCase(CharacterSet.Of(letter)).CharactersInOrder().SequenceEqual(expected), $"U+{(int)letter:X4}");
        }
    }

    private static RefusedException Refused(string text)
    {
        var error = Assert.Throws<RefusedException>(() => Pattern.Parse(text, "value"))!;
        Assert.That((error.Kind, error.Field), Is.EqualTo((RefusalKind.Invalid, "value")));
        return error;
    }

    // As deep as a thousand characters go.
    private static string Nested(string open, string inner, string close)
    {
        var depth = (Pattern.MostCharacters - inner.Length) / (open.Length + close.Length);
        return Repeated(open, depth) + inner + Repeated(close, depth);
    }

    private static string Repeated(string text, int times) => string.Concat(Enumerable.Repeat(text, times));

    private static string Random(string letters, int length, int seed) => new(new Random(seed).GetItems<char>(letters, length));

    private static EvaluationBudget Budget(long mostSteps = EvaluationBudget.MostSteps) => new(mostSteps, CancellationToken.None);
}
