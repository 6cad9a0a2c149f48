using Attune.Db;

namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>Where reading has come to in a pattern that .NET has found to be well-formed, and what both parsers read.</summary>
internal sealed class PatternReader(string text, string place)
{
    public string Text => text;

    public int At { get; set; }

    public bool IsAtEnd => At >= text.Length;

    /// <summary>The character that comes next; U+0000 at the end, which no pattern gives a meaning.</summary>
    public char Next => Ahead(0);

    public char Ahead(int by) => At + by < text.Length ? text[At + by] : '\0';

    public char Take() => IsAtEnd ? throw Refuse(At, "it ends too early") : text[At++];

    public bool TakeIf(char wanted)
    {
        var isThere = !IsAtEnd && text[At] == wanted;
        At += isThere ? 1 : 0;
        return isThere;
    }

    public RefusedException Refuse(int offset, string why) =>
        RefusedException.Invalid(place, $"{place} cannot be used as a regular expression: at offset {offset}, {why}.");

    /// <summary>\d, \w, \s, \p{…} or the opposite of one, without its backslash; null when none comes next.</summary>
    public CharacterSet? TakeNamedSet(bool ignoreCase)
    {
        var start = At;
        switch (Next)
        {
            case 'd' or 'D' or 'w' or 'W' or 's' or 'S':
                At++;
                break;
            case 'p' or 'P':
                var end = text.IndexOf('}', At);
                At = end < 0 ? throw Refuse(start, "a name in braces is expected") : end + 1;
                break;
            default:
                return null;
        }

        return KnownSets.Named($@"\{text[start..At]}", ignoreCase);
    }

    /// <summary>The character that an escape stands for, without its backslash.</summary>
    public char TakeEscaped()
    {
        var one = Take();
        switch (one)
        {
            case >= '0' and <= '7':
                At--;
                return Octal();
            case 'x':
                return Hexadecimal(2);
            case 'u':
                return Hexadecimal(4);
            case 'c':
                return (char)(char.ToUpperInvariant(Take()) - '@');
            default:
                return one switch
                {
                    'a' => '\a',
                    'b' => '\b',
                    'e' => '\e',
                    'f' => '\f',
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'v' => '\v',
                    _ => one,
                };
        }
    }

    /// <summary>Digits, as a number that is <see cref="int.MaxValue"/> at most; null when there are none.</summary>
    public int? TakeNumber()
    {
        var start = At;
        long number = 0;
        while (char.IsAsciiDigit(Next))
        {
            number = Math.Min(number * 10 + (Take() - '0'), int.MaxValue);
        }

        return At == start ? null : (int)number;
    }

    private char Octal()
    {
        var value = 0;
        for (var digits = 0; digits < 3 && Next is >= '0' and <= '7'; digits++)
        {
            value = value * 8 + (Take() - '0');
        }

        return (char)(value & 0xFF);
    }

    private char Hexadecimal(int digits)
    {
        var value = 0;
        while (digits-- > 0)
        {
            value = value * 16 + Convert.ToInt32(Take().ToString(), 16);
        }

        return (char)value;
    }
}
