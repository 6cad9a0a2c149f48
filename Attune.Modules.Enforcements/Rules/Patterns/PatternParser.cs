using System.Text.RegularExpressions;
using Attune.Db;

namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// Reads a pattern that .NET has found to be well-formed into its parts, as .NET understands them. What only backtracking can match
/// is refused. Groups lie on a stack of its own, so that no depth of them is too much.
/// </summary>
internal sealed class PatternParser
{
    private const RegexOptions Multiline = RegexOptions.Multiline;

    private readonly PatternReader _reader;
    private readonly int[] _groups;
    private readonly Stack<Group> _outer = new();
    private Group _group = new(RegexOptions.None);
    private RegexOptions _options;

    private PatternParser(PatternReader reader, int[] groups, RegexOptions options) =>
        (_reader, _groups, _options) = (reader, groups, options);

    /// <param name="wellFormed">The pattern.</param>
    /// <param name="groups">The numbers of its groups.</param>
    /// <param name="ignoreCase">Whether upper and lower case are the same from the beginning on.</param>
    /// <param name="place">Where it stands, for a message.</param>
    /// <exception cref="RefusedException">It takes backtracking.</exception>
    public static PatternNode Parse(string wellFormed, int[] groups, bool ignoreCase, string place) =>
        new PatternParser(new(wellFormed, place), groups, ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None).Parse();

    private bool IgnoresCase => Has(RegexOptions.IgnoreCase);

    private PatternNode Parse()
    {
        while (SkipsToMore())
        {
            var unit = _reader.Take() switch
            {
                '(' => OpenGroup(),
                ')' => CloseGroup(),
                '|' => EndAlternative(),
                '[' => PatternNode.Of(new ClassParser(_reader, IgnoresCase).Read()),
                '\\' => Escape(),
                '^' => PatternNode.Of(Has(Multiline) ? PatternAssertion.LineStart : PatternAssertion.Start),
                '$' => PatternNode.Of(Has(Multiline) ? PatternAssertion.LineEnd : PatternAssertion.EndOrLastNewLine),
                '.' => PatternNode.Of(Has(RegexOptions.Singleline) ? CharacterSet.Everything : CharacterSet.AllButNewLine),
                var one => Literal(one),
            };
            if (unit is not null)
            {
                _group.Parts.Add(Repeated(unit));
            }
        }

        return _outer.Count == 0 ? _group.Whole() : throw _reader.Refuse(_reader.At, "a closing parenthesis is expected");
    }

    private bool Has(RegexOptions option) => (_options & option) != 0;

    // Past comments, and with (?x) past white space, as far as there is something else.
    private bool SkipsToMore()
    {
        while (!_reader.IsAtEnd)
        {
            if (_reader is { Next: '(' } && _reader.Ahead(1) == '?' && _reader.Ahead(2) == '#')
            {
                _reader.At = _reader.Text.IndexOf(')', _reader.At) + 1;
            }
            else if (Has(RegexOptions.IgnorePatternWhitespace) && _reader.Next is ' ' or >= '\t' and <= '\r' and not '\v')
            {
                _reader.At++;
            }
            else if (Has(RegexOptions.IgnorePatternWhitespace) && _reader.Next == '#')
            {
                var end = _reader.Text.IndexOf('\n', _reader.At);
                _reader.At = end < 0 ? _reader.Text.Length : end;
            }
            else
            {
                return true;
            }
        }

        return false;
    }

    private PatternNode Literal(char one)
    {
        var set = CharacterSet.Of(one);
        return PatternNode.Of(IgnoresCase ? KnownSets.IgnoringCase(set) : set);
    }

    private PatternNode Escape()
    {
        var start = _reader.At - 1;
        PatternAssertion? assertion = _reader.Next switch
        {
            'b' => PatternAssertion.WordBoundary,
            'B' => PatternAssertion.NoWordBoundary,
            'A' => PatternAssertion.Start,
            'Z' => PatternAssertion.EndOrLastNewLine,
            'z' => PatternAssertion.End,
            'G' => throw NeedsBacktracking(start, @"\G, the end of a match before,"),
            _ => null,
        };
        if (assertion is { } found)
        {
            _reader.At++;
            return PatternNode.Of(found);
        }

        if (_reader.TakeNamedSet(IgnoresCase) is { } set)
        {
            return PatternNode.Of(set);
        }

        return RefersBack() ? throw NeedsBacktracking(start, "a backreference") : Literal(_reader.TakeEscaped());
    }

    // \1, \k<name>, \<name>: whatever is none of these is a character. That the group is there has been seen to.
    private bool RefersBack()
    {
        var start = _reader.At;
        var number = _reader.Next == '0' ? null : _reader.TakeNumber();
        _reader.At = start;
        if (number is { } group)
        {
            return _groups.Contains(group);
        }

        if (_reader.Next is not ('<' or '\''))
        {
            return _reader.Next == 'k';
        }

        var at = start + 1;
        while (at < _reader.Text.Length && KnownSets.Word.Contains(_reader.Text[at]))
        {
            at++;
        }

        return at > start + 1 && at < _reader.Text.Length && _reader.Text[at] == (_reader.Next == '<' ? '>' : '\'');
    }

    private PatternNode? OpenGroup()
    {
        var start = _reader.At - 1;
        var outside = _options;
        if (_reader.TakeIf('?'))
        {
            var kind = _reader.Next;
            switch (kind)
            {
                case '=' or '!':
                    throw NeedsBacktracking(start, "a look ahead");
                case '<' when _reader.Ahead(1) is '=' or '!':
                    throw NeedsBacktracking(start, "a look behind");
                case '>':
                    throw NeedsBacktracking(start, "an atomic group");
                case '(':
                    throw NeedsBacktracking(start, "a condition");
                case '<' or '\'':
                    SkipName(start, kind == '<' ? '>' : '\'');
                    break;
                default:
                    TakeOptions();
                    if (_reader.Take() == ')')
                    {
                        return null;
                    }

                    break;
            }
        }

        _outer.Push(_group);
        _group = new(outside);
        return null;
    }

    private void SkipName(int group, char close)
    {
        var end = _reader.Text.IndexOf(close, _reader.At + 1);
        if (end < 0 || _reader.Text.AsSpan(_reader.At, end - _reader.At).Contains('-'))
        {
            throw NeedsBacktracking(group, "a balancing group");
        }

        _reader.At = end + 1;
    }

    private void TakeOptions()
    {
        for (var isOff = false; ; _reader.At++)
        {
            RegexOptions? option = char.ToLowerInvariant(_reader.Next) switch
            {
                'i' => RegexOptions.IgnoreCase,
                'm' => Multiline,
                'n' => RegexOptions.ExplicitCapture,
                's' => RegexOptions.Singleline,
                'x' => RegexOptions.IgnorePatternWhitespace,
                '+' or '-' => RegexOptions.None,
                _ => null,
            };
            if (option is not { } known)
            {
                return;
            }

            isOff = known == RegexOptions.None ? _reader.Next == '-' : isOff;
            _options = isOff ? _options & ~known : _options | known;
        }
    }

    private PatternNode CloseGroup()
    {
        var whole = _group.Whole();
        _options = _group.OptionsOutside;
        _group = _outer.TryPop(out var outer) ? outer : throw _reader.Refuse(_reader.At - 1, "there is nothing to close");
        return whole;
    }

    private PatternNode? EndAlternative()
    {
        _group.EndAlternative();
        return null;
    }

    private PatternNode Repeated(PatternNode unit)
    {
        if (!SkipsToMore() || TakeQuantifier() is not var (least, most))
        {
            return unit;
        }

        if (SkipsToMore())
        {
            // Lazy or not, a text matches or does not.
            _reader.TakeIf('?');
        }

        return PatternNode.Repeat(unit, least, most);
    }

    private (int Least, int Most)? TakeQuantifier()
    {
        switch (_reader.Next)
        {
            case '*':
                _reader.At++;
                return (0, RepeatNode.Unbounded);
            case '+':
                _reader.At++;
                return (1, RepeatNode.Unbounded);
            case '?':
                _reader.At++;
                return (0, 1);
            case '{':
                return TakeCounts();
            default:
                return null;
        }
    }

    // Braces that are no quantifier are characters.
    private (int Least, int Most)? TakeCounts()
    {
        var start = _reader.At++;
        if (_reader.TakeNumber() is { } least)
        {
            var most = _reader.TakeIf(',') ? _reader.TakeNumber() ?? RepeatNode.Unbounded : least;
            if (_reader.TakeIf('}'))
            {
                return (least, most);
            }
        }

        _reader.At = start;
        return null;
    }

    private RefusedException NeedsBacktracking(int offset, string what) =>
        _reader.Refuse(offset, $"{what} can be matched by going back only, which may take any time; it has to do without");

    // Alternatives, of which the last is being read.
    private sealed class Group(RegexOptions optionsOutside)
    {
        private readonly List<PatternNode> _alternatives = [];

        public RegexOptions OptionsOutside => optionsOutside;

        public List<PatternNode> Parts { get; private set; } = [];

        public void EndAlternative()
        {
            _alternatives.Add(PatternNode.Sequence(Parts));
            Parts = [];
        }

        public PatternNode Whole()
        {
            EndAlternative();
            return PatternNode.Choice(_alternatives);
        }
    }
}
