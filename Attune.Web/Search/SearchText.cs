using Attune.Modules.Enforcements;
using Attune.Web.Json;
using Attune.Web.Shared;

namespace Attune.Web.Search;

/// <summary>What can stand where the caret is in a text of conditions, and how the text is when it is taken.</summary>
internal static class SearchText
{
    private const int Most = 30;

    private static readonly string[] Joins = ["and", "or"];

    private static readonly (string Text, string Says, string[] Types)[] Operators =
    [
        ("==", "equals", []), ("!=", "does not equal", []),
        ("contains", "has a text, or an item", ["text", "list"]), ("not contains", "has it not", ["text", "list"]),
        ("starts_with", "begins with", ["text"]), ("ends_with", "ends with", ["text"]), ("matches", "has a regular expression", ["text"]),
        (">", "is greater than", ["number", "text"]), (">=", "is at least", ["number", "text"]),
        ("<", "is less than", ["number", "text"]), ("<=", "is at most", ["number", "text"]), ("between", "is from … and …", ["number"]),
        ("in", "is one of a list", ["text", "number", "boolean"]), ("exists", "is there", []), ("not exists", "is not there", []),
        ("is empty", "has nothing in it", ["text", "list", "object", "null"]),
    ];

    /// <summary>What can follow.</summary>
    /// <param name="text">The text.</param>
    /// <param name="caret">Where the caret is.</param>
    /// <param name="paths">What recent rows have.</param>
    public static IReadOnlyList<SearchSuggestion> Options(string text, int caret, IReadOnlyList<SampledPath> paths)
    {
        caret = Math.Clamp(caret, 0, text.Length);
        var words = Words(text[..caret]);
        var typed = words is [.., var last] && last.End == caret && last.IsOpen ? last : new Word("", caret, caret, IsOpen: true);
        var before = typed.Text.Length == 0 ? words : words[..^1];
        var options = Next(before, out var path) switch
        {
            Expected.Path => Paths(typed.Text, paths),
            Expected.Operator => OfPath(path, paths, typed.Text),
            Expected.Denied => OfPath(path, paths, $"not {typed.Text}").Select(one => one with { Insert = one.Insert[4..] }),
            Expected.Value or Expected.Least => Values(path, paths, typed.Text),
            Expected.Between => [new("and", "", "and")],
            _ => Joins.Where(word => IsBegun(word, typed.Text)).Select(word => new SearchSuggestion(word, "", word)),
        };
        return
        [
            .. options.Where(option => option.Insert != typed.Text).Take(Most).Select(option => option with
            {
                Start = typed.Start, End = caret,
            }),
        ];
    }

    /// <summary>The text when an option is taken, and where the caret is then.</summary>
    public static (string Text, int Caret) Take(string text, SearchSuggestion option)
    {
        var rest = text[Math.Min(option.End, text.Length)..].TrimStart();
        var head = $"{text[..Math.Min(option.Start, text.Length)]}{option.Insert} ";
        return ($"{head}{rest}", head.Length);
    }

    private static IEnumerable<SearchSuggestion> Paths(string typed, IReadOnlyList<SampledPath> paths) => paths
        .Where(path => path.Path.Contains(typed, StringComparison.OrdinalIgnoreCase))
        .OrderBy(path => !IsBegun(path.Path, typed))
        .Select(path => new SearchSuggestion(
            path.Path, string.Join(", ", path.Types),
            path.Examples is [var example, ..] ? Visible.Beginning(example.GetRawText(), 40) : ""));

    private static IEnumerable<SearchSuggestion> OfPath(string? path, IReadOnlyList<SampledPath> paths, string typed)
    {
        var types = paths.FirstOrDefault(one => one.Path == path)?.Types ?? [];
        return Operators
            .Where(one => IsBegun(one.Text, typed) && (types.Count == 0 || one.Types.Length == 0 || one.Types.Intersect(types).Any()))
            .Select(one => new SearchSuggestion(one.Text, "", one.Says));
    }

    private static IEnumerable<SearchSuggestion> Values(string? path, IReadOnlyList<SampledPath> paths, string typed) =>
        (paths.FirstOrDefault(one => one.Path == path)?.Examples ?? [])
        .Select(LeafText.Literal)
        .Where(value => value.Contains(typed.TrimStart('"', '\''), StringComparison.OrdinalIgnoreCase))
        .Select(value => new SearchSuggestion(value, "", ""));

    private static bool IsBegun(string word, string typed) => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase);

    private static Expected Next(IReadOnlyList<Word> words, out string? path)
    {
        var expected = Expected.Path;
        path = null;
        foreach (var word in words)
        {
            expected = (expected, word.Text) switch
            {
                (Expected.Least, _) => Expected.Between,
                (Expected.Between, _) => Expected.Value,
                (_, "(" or "and" or "or") => Expected.Path,
                (_, ")") => Expected.Join,
                (Expected.Path, "not" or "any" or "all" or "none") => Expected.Path,
                (Expected.Path, _) => Named(word.Text, out path),
                (Expected.Operator, "not") => Expected.Denied,
                (Expected.Operator, "is" or "starts" or "ends" or "as") => Expected.Operator,
                (Expected.Operator or Expected.Denied, "exists" or "is_empty" or "empty") => Expected.Join,
                (Expected.Operator, "number" or "time" or "text") => Expected.Operator,
                (Expected.Operator, "between") => Expected.Least,
                (Expected.Operator or Expected.Denied, _) => Expected.Value,
                (Expected.Value, _) => Expected.Join,
                _ => expected,
            };
        }

        return expected;
    }

    private static Expected Named(string word, out string? path)
    {
        path = word;
        return Expected.Operator;
    }

    // Cut as the language cuts, but forgiving: what is not closed is still being typed.
    private static List<Word> Words(string text)
    {
        var words = new List<Word>();
        for (var at = 0; at < text.Length;)
        {
            if (char.IsWhiteSpace(text[at]))
            {
                at++;
                continue;
            }

            var (end, isOpen) = End(text, at);
            words.Add(new(text[at..end], at, end, isOpen));
            at = end;
        }

        return words;
    }

    private static (int End, bool IsOpen) End(string text, int start)
    {
        switch (text[start])
        {
            case '(' or ')':
                return (start + 1, false);
            case '=' or '!' or '<' or '>':
                var symbol = start;
                while (symbol < text.Length && text[symbol] is '=' or '!' or '<' or '>')
                {
                    symbol++;
                }

                return (symbol, true);
            case '"' or '\'':
                var close = QuoteEnd(text, start);
                return (close, close == text.Length && !(close - start > 1 && text[close - 1] == text[start]));
        }

        var (at, depth) = (start, 0);
        while (at < text.Length && (depth > 0 || !(char.IsWhiteSpace(text[at]) || text[at] is '(' or ')' or '=' or '!' or '<' or '>')))
        {
            depth += text[at] switch { '[' or '{' => 1, ']' or '}' => -1, _ => 0 };
            at = text[at] is '"' or '\'' ? QuoteEnd(text, at) : at + 1;
        }

        return (at, true);
    }

    private static int QuoteEnd(string text, int open)
    {
        for (var at = open + 1; at < text.Length; at++)
        {
            if (text[at] == '\\')
            {
                at++;
            }
            else if (text[at] == text[open])
            {
                return at + 1;
            }
        }

        return text.Length;
    }

    private enum Expected
    {
        Path,
        Operator,
        Value,

        /// <summary>What comes after a not.</summary>
        Denied,

        /// <summary>The first value of between, and then the word between both.</summary>
        Least,
        Between,
        Join,
    }

    private readonly record struct Word(string Text, int Start, int End, bool IsOpen);
}

/// <summary>Something that may be put in where the caret is.</summary>
/// <param name="Insert">What is put in.</param>
/// <param name="Kind">What type of value it leads to; empty for what is no path.</param>
/// <param name="Says">An example, or what it means.</param>
internal readonly record struct SearchSuggestion(string Insert, string Kind, string Says)
{
    /// <summary>Where what it replaces begins.</summary>
    public int Start { get; init; }

    /// <summary>Where that ends.</summary>
    public int End { get; init; }
}
