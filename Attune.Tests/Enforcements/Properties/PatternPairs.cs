using CsCheck;

namespace Attune.Tests.Enforcements.Properties;

/// <summary>
/// Random patterns and texts, from few characters that are special to somebody. <see cref="Nothing"/> stands in a pattern where it says
/// nothing: .NET takes <c>(?:a+|){2}</c> for something that needs an a, so it is shown an assertion there that always holds.
/// </summary>
internal static class PatternPairs
{
    public const char Nothing = '∅';

    private static readonly Gen<string> Atom = Gen.OneOfConst(
        "a", "b", "A", "B", "k", "s", "i", "I", "-", "0", "é", "É", "\n", @"\n", " ", "_", "ſ", "\u212A", "İ", "ı", "µ", "Σ", "ς", "ǅ",
        @"\x61", @"\u0041", @"\101", @"\cA", @"\.", @"\e", @"\0", @"\08", @"\10", "<", ">", "'", @"\<", @"\'", "{", "{a}", "{,2}", "}", "]",
        "a{,", "#", @"\#", @"\ ", "\t", "\v", "\u200c", "\u200d", "\ud83d", "\ude00", "😀", "(?#x)", "^", "$", @"\A", @"\Z", @"\z",
        @"\b", @"\B", ".", @"\d", @"\w", @"\s", @"\D", @"\W", @"\S", @"\p{L}", @"\P{L}",
        @"\p{Lu}", @"\P{Lu}", @"\p{Ll}", @"\p{IsGreek}", @"\P{IsGreek}",
        @"\p{Sc}", "[ab]", "[^ab]", "[a-z]", "[^a-z-[aeiou]]", "[a-z-[b-[b]]]", @"[\w-[a]]", "[]a]", "[^]a]", @"[a\]b]", "[a-]", "[-a]",
        @"[\--0]", @"[\x2D-0]", @"[\d-]", @"[a\-z]", @"[^\n]", @"[^\W\d]", @"[\p{Lu}b]", @"[^\p{Lu}]", @"[\P{Ll}a]", "[[:alpha:]]", "[[:a]",
        "[[::]a]", "[+--]", @"[\b]", @"[\c]]", "[\ud83d]", "[😀]", "[k]", "[^k]", "[i]", "[s-t]", "[^\0-\uffff]", @"[\s\S]");

    private static readonly Gen<string> Quantifier = Gen.OneOfConst(
        "*", "+", "?", "{2}", "{0}∅", "{1,}", "{0,2}", "{1,3}", "{2,}", "*?", "+?", "??", "{1,2}?", "{0,0}∅");

    private static readonly Gen<string> Options = Gen.OneOfConst("i", "m", "s", "x", "n", "-i", "-m", "i-s", "im", "mx-i", "I", "is");

    private static readonly Gen<string> Character = Gen.Frequency(
        (3, Gen.OneOfConst("a", "b", "A", "B", "k", "K", "s", "S", "i", "I", "-", "0", "é", "\n")),
        (1, Gen.OneOfConst(
            "É", " ", "_", "\u0001", "\b", "ſ", "\u212A", "İ", "ı", "µ", "μ", "Σ", "σ", "ς", "ǅ", "ǆ", "😀", "\ud83d", "\ude00", "x", "{",
            "}", "]", "[", ":", "#", "\t", "\v", "\u200c", "\u200d", "9", "5", "٣", "α", "Ω", "$", "€", "<", "'", ".", "中")));

    /// <summary>A pattern, whether case is ignored, and texts.</summary>
    public static Gen<(string Pattern, bool IgnoreCase, string[] Texts)> All { get; } = Gen.Select(
        Gen.Int[0, 4].SelectMany(Pattern),
        Gen.Frequency((5, Gen.Const(false)), (1, Gen.Const(true))),
        Character.Array[0, 9].Select(string.Concat).Array[10]);

    private static Gen<string> Pattern(int depth)
    {
        if (depth == 0)
        {
            return Atom;
        }

        var part = Gen.Int[0, depth - 1].SelectMany(Pattern);
        return Gen.Frequency(
            (2, Atom),
            (3, Gen.Select(part, part, (one, other) => one + other)),
            (1, Gen.Select(Atom, Quantifier, (one, often) => one + often)),
            (1, Gen.Select(part, part, (one, other) => $"{one}|{other}")),
            (1, Gen.Select(part, Quantifier, (one, often) => $"(?:{one}){often}")),
            (1, Gen.Select(Gen.OneOfConst("(", "(?<n>", "(?'m'"), part, (open, one) => $"{open}{one})")),
            (1, Gen.Select(Options, part, Gen.Bool, (options, one, isGroup) => isGroup ? $"(?{options}:{one})" : $"(?{options}){one}")),
            (1, Gen.Select(part, Quantifier, (one, often) => $"({one}|∅){often}")),
            (1, Gen.Select(part, part, (one, other) => $"(∅|{one})*{other}")));
    }
}
