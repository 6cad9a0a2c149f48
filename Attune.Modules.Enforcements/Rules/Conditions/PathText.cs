using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Reads paths: <c>a.b.0.c</c>, <c>a.b[0].c</c>, <c>labels["app.kubernetes.io/name"]</c>, <c>alerts[*].status</c>.</summary>
internal static class PathText
{
    private const int MostSteps = 64;
    public const int MostEach = 3;

    // What is syntax in other languages of paths, and would be taken for a key.
    private static readonly SearchValues<char> Strange = SearchValues.Create("{}()|?*,\"'`\\");

    private static readonly JsonSerializerOptions Written = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A key in double quotes, as JSON has it.</summary>
    public static string Quoted(string key) => JsonSerializer.Serialize(key, Written);

    /// <summary>Whether a key can stand between dots, in the text form of conditions as well.</summary>
    public static bool IsBare(string key) => key.Length > 0 && key.All(IsBareCharacter);

    public static bool IsBareCharacter(char character) =>
        char.IsLetterOrDigit(character) || character is '_' or '-' or '@' or '$' or '/' || char.IsSurrogate(character)
        || CharUnicodeInfo.GetUnicodeCategory(character) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    /// <summary>Reads the steps of a path, after its root.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="at">Where the steps begin.</param>
    /// <param name="isContinued">Whether something comes before, so that a key needs its dot.</param>
    /// <param name="isBare">
    /// Whether it stands within a text, and ends with the first character that a bare key cannot have; otherwise all of it is the path.
    /// </param>
    /// <param name="mistake">What is wrong, and where.</param>
    /// <returns>The steps, and where the path ends; null with a mistake.</returns>
    public static (IReadOnlyList<PathStep> Steps, int End)? TryRead(
        string text, int at, bool isContinued, bool isBare, out PathMistake mistake)
    {
        var steps = new List<PathStep>();
        mistake = default;
        while (at < text.Length)
        {
            if (text[at] == '[')
            {
                if (Bracket(text, at, out mistake) is not { } bracket)
                {
                    return null;
                }

                steps.Add(bracket.Step);
                at = bracket.End;
            }
            else
            {
                var needsDot = isContinued || steps.Count > 0;
                if (needsDot && text[at] != '.')
                {
                    if (isBare)
                    {
                        break;
                    }

                    mistake = new(at, $"a dot or a bracket was expected, and not {Shown(text[at])}");
                    return null;
                }

                at += needsDot ? 1 : 0;
                var end = isBare ? BareEnd(text, at) : KeyEnd(text, at);
                if (Key(text, at, end, out mistake) is not { } key)
                {
                    return null;
                }

                // What cannot stand between dots in the text form is no place in an array either.
                steps.Add(PathStep.Of(IsBare(key) ? StepKind.Name : StepKind.Key, key));
                at = end;
            }

            if (steps.Count > MostSteps || steps.Count(step => step.Kind == StepKind.Each) > MostEach)
            {
                mistake = new(at, $"a path has at most {MostSteps} parts, and at most {MostEach} of them [*]");
                return null;
            }
        }

        return (steps, at);
    }

    private static int BareEnd(string text, int at)
    {
        while (at < text.Length && IsBareCharacter(text[at]))
        {
            at++;
        }

        return at;
    }

    private static int KeyEnd(string text, int at)
    {
        var end = text.AsSpan(at).IndexOfAny('.', '[');
        return end < 0 ? text.Length : at + end;
    }

    private static string? Key(string text, int at, int end, out PathMistake mistake)
    {
        var key = text[at..end];
        var strange = key.AsSpan().IndexOfAny(Strange);
        mistake = key switch
        {
            "" => new(at, "a key was expected: a part between two dots is empty"),
            "*" => new(at, "each item of an array is written [*]"),
            _ when key.Contains(']', StringComparison.Ordinal) => new(at + key.IndexOf(']', StringComparison.Ordinal), "a ] that no [ opens"),
            ['/', ..] => new(at, "a path has dots between its keys; a key that begins with / is quoted: [\"/…\"]"),
            _ when strange >= 0 => new(
                at + strange, $"{Shown(key[strange])} means nothing in a path; a key that has it is quoted: [\"…\"]"),
            _ when char.IsWhiteSpace(key[0]) || char.IsWhiteSpace(key[^1]) => new(
                at, "a key does not begin or end with a blank; one that does is quoted: [\"…\"]"),
            _ when key.Any(char.IsControl) => new(at, "a key with a control character is quoted: [\"…\"]"),
            _ => default,
        };
        return mistake.Message is null ? key : null;
    }

    private static (PathStep Step, int End)? Bracket(string text, int open, out PathMistake mistake)
    {
        mistake = default;
        var at = open + 1;
        if (at < text.Length && text[at] is '"' or '\'')
        {
            if (QuotedKey(text, at) is not { } quoted)
            {
                mistake = new(at, "the quoted key is not closed, or has an escape that JSON does not know");
                return null;
            }

            if (quoted.End < text.Length && text[quoted.End] == ']')
            {
                return (PathStep.Of(StepKind.Key, quoted.Key), quoted.End + 1);
            }

            mistake = new(quoted.End, "a ] was expected after the quoted key");
            return null;
        }

        var close = text.IndexOf(']', open);
        if (close < 0)
        {
            mistake = new(open, "the [ is not closed");
            return null;
        }

        var inside = text[at..close];
        if (inside == "*")
        {
            return (PathStep.Each, close + 1);
        }

        if (inside.Length is > 0 and <= 9 && inside.All(char.IsAsciiDigit))
        {
            return (PathStep.Of(StepKind.Index, inside), close + 1);
        }

        mistake = new(at, "a place such as [0], a key in quotes such as [\"a.b\"], or [*] was expected");
        return null;
    }

    private static (string Key, int End)? QuotedKey(string text, int open)
    {
        var quote = text[open];
        var json = new StringBuilder("\"");
        for (var at = open + 1; at < text.Length; at++)
        {
            if (text[at] == quote)
            {
                try
                {
                    return (JsonSerializer.Deserialize<string>(json.Append('"').ToString())!, at + 1);
                }
                catch (JsonException)
                {
                    return null;
                }
            }

            if (text[at] == '\\' && at + 1 < text.Length)
            {
                _ = text[at + 1] == '\'' ? json.Append('\'') : json.Append('\\').Append(text[at + 1]);
                at++;
            }
            else
            {
                _ = text[at] == '"' ? json.Append("\\\"") : json.Append(text[at]);
            }
        }

        return null;
    }

    private static string Shown(char character) =>
        char.IsControl(character) || char.IsWhiteSpace(character) || char.IsSurrogate(character)
            ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)character:X4}")
            : character.ToString();
}
