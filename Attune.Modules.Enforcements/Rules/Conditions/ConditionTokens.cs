using System.Text;
using System.Text.Json;
using Superpower;
using Superpower.Display;
using Superpower.Model;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>What the text form of conditions is made of.</summary>
internal enum ConditionToken
{
    /// <summary>A path, or one of the words of the language: which of them is told by where it stands.</summary>
    [Token(Description = "path")]
    Path,

    [Token(Description = "text in quotes")]
    Text,

    [Token(Description = "number")]
    Number,

    [Token(Description = "list or object")]
    Json,

    [Token(Description = "comparison")]
    Symbol,

    [Token(Example = "(")]
    Open,

    [Token(Example = ")")]
    Close,
}

/// <summary>Cuts the text form of conditions into tokens.</summary>
internal sealed class ConditionTokens : Tokenizer<ConditionToken>
{
    public static ConditionTokens Instance { get; } = new();

    /// <summary>What a literal stands for.</summary>
    public static JsonElement Value(Token<ConditionToken> token) => token.Kind == ConditionToken.Text
        ? JsonSerializer.SerializeToElement(TextOf(token.ToStringValue()))
        : JsonElement.Parse(token.ToStringValue());

    protected override IEnumerable<Result<ConditionToken>> Tokenize(TextSpan span)
    {
        // On from where the last token ended: a span counts the lines that it skips, and from the beginning that is the square of the text.
        var text = span.ToStringValue();
        var (at, rest, skipped) = (0, span, 0);
        while (true)
        {
            while (at < text.Length && char.IsWhiteSpace(text[at]))
            {
                at++;
            }

            if (at == text.Length)
            {
                yield break;
            }

            var from = rest.Skip(at - skipped);
            var (kind, end, wrong) = Next(text, at);
            if (wrong is not null)
            {
                yield return Result.Empty<ConditionToken>(span.Skip(Math.Min(end, text.Length)), wrong);
                yield break;
            }

            (rest, skipped) = (from.Skip(end - at), end);
            yield return Result.Value(kind, from, rest);
            at = end;
        }
    }

    private static (ConditionToken Kind, int End, string? Wrong) Next(string text, int at)
    {
        switch (text[at])
        {
            case '(':
                return (ConditionToken.Open, at + 1, null);
            case ')':
                return (ConditionToken.Close, at + 1, null);
            case '=' or '!' or '<' or '>':
                var two = text.AsSpan(at, Math.Min(2, text.Length - at));
                return two is "==" or "!=" or "<=" or ">=" or "<>" ? (ConditionToken.Symbol, at + 2, null)
                    : text[at] == '!' ? (default, at, "! means nothing: not denies what follows, and != is not equal to")
                    : (ConditionToken.Symbol, at + 1, null);
            case '"' or '\'':
                var close = TextEnd(text, at);
                return close < 0 ? (default, at, "the text is not closed")
                    : TextOf(text[at..close]) is null ? (default, at, "the text has an escape that JSON does not know")
                    : (ConditionToken.Text, close, null);
            case '[' or '{':
                return Json(text, at);
            case '-' or (>= '0' and <= '9'):
                return Number(text, at);
            default:
                return FieldPath.TryRead(text, at, isBare: true, out var mistake) is { } path
                    ? (ConditionToken.Path, path.End, null)
                    : (default, mistake.At, mistake.Message);
        }
    }

    private static (ConditionToken Kind, int End, string? Wrong) Number(string text, int at)
    {
        var end = at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-' or '+'))
        {
            end++;
        }

        return IsJson(text[at..end], JsonValueKind.Number)
            ? (ConditionToken.Number, end, null)
            : (default, at, "this is no number; a path that begins with a digit is written $.0");
    }

    private static (ConditionToken Kind, int End, string? Wrong) Json(string text, int at)
    {
        var depth = 0;
        for (var end = at; end < text.Length; end++)
        {
            switch (text[end])
            {
                case '"':
                    end = TextEnd(text, end) - 1;
                    if (end < 0)
                    {
                        return (default, at, "a text in the list or object is not closed");
                    }

                    break;
                case '[' or '{':
                    depth++;
                    break;
                case ']' or '}' when --depth == 0:
                    return IsJson(text[at..(end + 1)], text[at] == '[' ? JsonValueKind.Array : JsonValueKind.Object)
                        ? (ConditionToken.Json, end + 1, null)
                        : (default, at, "this is no JSON; a path that begins with a bracket is written $[…]");
            }
        }

        return (default, at, "the list or object is not closed");
    }

    private static bool IsJson(string text, JsonValueKind kind)
    {
        try
        {
            return JsonElement.Parse(text).ValueKind == kind;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Where a quoted text ends; -1 when it does not.</summary>
    private static int TextEnd(string text, int open)
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

        return -1;
    }

    private static string? TextOf(string quoted)
    {
        var json = new StringBuilder("\"");
        var inside = quoted.AsSpan(1, quoted.Length - 2);
        for (var at = 0; at < inside.Length; at++)
        {
            if (inside[at] == '\\' && at + 1 < inside.Length)
            {
                _ = inside[at + 1] == '\'' ? json.Append('\'') : json.Append('\\').Append(inside[at + 1]);
                at++;
            }
            else
            {
                _ = inside[at] == '"' ? json.Append("\\\"") : json.Append(inside[at]);
            }
        }

        try
        {
            return JsonSerializer.Deserialize<string>(json.Append('"').ToString());
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
