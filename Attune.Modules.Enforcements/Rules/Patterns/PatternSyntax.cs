using System.Text.RegularExpressions;

namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>What stands between the parts of a pattern, or changes them: comments, options, quantifiers, references.</summary>
internal static class PatternSyntax
{
    /// <summary>Goes past comments, and with (?x) past white space; false when nothing else comes.</summary>
    public static bool SkipsToMore(this PatternReader reader, bool ignoresSpace)
    {
        while (!reader.IsAtEnd)
        {
            if (reader.Next == '(' && reader.Ahead(1) == '?' && reader.Ahead(2) == '#')
            {
                reader.At = reader.Text.IndexOf(')', reader.At) + 1;
            }
            else if (ignoresSpace && reader.Next is ' ' or >= '\t' and <= '\r' and not '\v')
            {
                reader.At++;
            }
            else if (ignoresSpace && reader.Next == '#')
            {
                var end = reader.Text.IndexOf('\n', reader.At);
                reader.At = end < 0 ? reader.Text.Length : end;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether \1, \k&lt;name&gt; or \&lt;name&gt; comes next, without its backslash. What is none of these is a character; that a
    /// named group is there has been seen to.
    /// </summary>
    public static bool RefersBack(this PatternReader reader, int[] groups)
    {
        var start = reader.At;
        var number = reader.Next == '0' ? null : reader.TakeNumber();
        reader.At = start;
        if (number is { } group)
        {
            return groups.Contains(group);
        }

        if (reader.Next is not ('<' or '\''))
        {
            return reader.Next == 'k';
        }

        var at = start + 1;
        while (at < reader.Text.Length && KnownSets.Word.Contains(reader.Text[at]))
        {
            at++;
        }

        return at > start + 1 && at < reader.Text.Length && reader.Text[at] == (reader.Next == '<' ? '>' : '\'');
    }

    /// <summary>The options as those that come next leave them.</summary>
    public static RegexOptions TakeOptions(this PatternReader reader, RegexOptions options)
    {
        for (var isOff = false; ; reader.At++)
        {
            RegexOptions? option = char.ToLowerInvariant(reader.Next) switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => RegexOptions.Multiline,
                'n' => RegexOptions.ExplicitCapture,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                '+' or '-' => RegexOptions.None,
                _ => null,
            };
            if (option is not { } known)
            {
                return options;
            }

            isOff = known == RegexOptions.None ? reader.Next == '-' : isOff;
            options = isOff ? options & ~known : options | known;
        }
    }

    /// <summary>How often at least and at most; null when no quantifier comes next.</summary>
    public static (int Least, int Most)? TakeQuantifier(this PatternReader reader)
    {
        switch (reader.Next)
        {
            case '*':
                reader.At++;
                return (0, RepeatNode.Unbounded);
            case '+':
                reader.At++;
                return (1, RepeatNode.Unbounded);
            case '?':
                reader.At++;
                return (0, 1);
            case '{':
                return reader.TakeCounts();
            default:
                return null;
        }
    }

    // Braces that are no quantifier are characters.
    private static (int Least, int Most)? TakeCounts(this PatternReader reader)
    {
        var start = reader.At++;
        if (reader.TakeNumber() is { } least)
        {
            var most = reader.TakeIf(',') ? reader.TakeNumber() ?? RepeatNode.Unbounded : least;
            if (reader.TakeIf('}'))
            {
                return (least, most);
            }
        }

        reader.At = start;
        return null;
    }
}
