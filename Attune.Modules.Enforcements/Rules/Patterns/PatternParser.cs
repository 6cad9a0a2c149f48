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
    private readonly Stack<PatternGroup> _outer = new();
    private PatternGroup _group = new(RegexOptions.None);
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
        while (_reader.SkipsToMore(Has(RegexOptions.IgnorePatternWhitespace)))
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

        return _reader.RefersBack(_groups) ? throw NeedsBacktracking(start, "a backreference") : Literal(_reader.TakeEscaped());
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
                    _options = _reader.TakeOptions(_options);
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
        if (!_reader.SkipsToMore(Has(RegexOptions.IgnorePatternWhitespace)) || _reader.TakeQuantifier() is not var (least, most))
        {
            return unit;
        }

        if (_reader.SkipsToMore(Has(RegexOptions.IgnorePatternWhitespace)))
        {
            // Lazy or not, a text matches or does not.
            _reader.TakeIf('?');
        }

        return PatternNode.Repeat(unit, least, most);
    }

    private RefusedException NeedsBacktracking(int offset, string what) =>
        _reader.Refuse(offset, $"{what} can be matched by going back only, which may take any time; it has to do without");
}
