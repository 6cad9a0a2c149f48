using System.Buffers;

namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>
/// Where a match can begin, looked for many characters at a time: one of a few texts or of a few characters that every match begins with.
/// </summary>
internal sealed class PatternSearch
{
    private const int MostTexts = 8;
    private const int LongestText = 12;
    private const int Ascii = 128;
    private const int MostAscii = 32;

    // As many characters of any kind are found at once as easily as any number of ASCII ones.
    private const int MostOthers = 5;

    private readonly SearchValues<string>? _texts;
    private readonly SearchValues<char>? _characters;
    private readonly SearchValues<char>? _others;

    private PatternSearch(SearchValues<string> texts) => _texts = texts;

    private PatternSearch(CharacterSet first)
    {
        var ascii = CharacterSet.Of([(0, Ascii)]);
        if (first.Count <= MostOthers || first.Without(ascii).Count == 0)
        {
            _characters = SearchValues.Create([.. first.CharactersInOrder()]);
        }
        else
        {
            _others = SearchValues.Create([.. ascii.Without(first).CharactersInOrder()]);
        }
    }

    /// <summary>Null when nothing can be said, or it would not help.</summary>
    public static PatternSearch? Of(PatternNode whole, PatternProgram program)
    {
        if (!program.StartsAnywhere || First(program) is not { } first)
        {
            return null;
        }

        // Where most characters can begin a match, looking for one is no gain.
        return Texts(whole) is { } texts ? new(texts)
            : first.CharactersInOrder().TakeWhile(one => one < Ascii).Take(MostAscii + 1).Count() <= MostAscii ? new(first)
            : null;
    }

    /// <summary>The first place where a match can begin, or -1.</summary>
    public int Find(ReadOnlySpan<char> text) =>
        _texts is not null ? text.IndexOfAny(_texts)
        : _characters is not null ? text.IndexOfAny(_characters)
        : text.IndexOfAnyExcept(_others!);

    // What a match begins with; null when one may be empty.
    private static CharacterSet? First(PatternProgram program)
    {
        var first = new List<(int, int)>();
        var passed = new StateSet(new ushort[2 * program.Count]);
        passed.Add(program.Start);
        for (var at = 0; at < passed.Count; at++)
        {
            var state = program.States[passed[at]];
            switch (state.Kind)
            {
                case PatternStateKind.Set:
                    program.Set(state).AddTo(first);
                    break;
                case PatternStateKind.Assertion:
                    passed.Add(state.Next);
                    break;
                case PatternStateKind.Fork:
                    passed.Add(state.Next);
                    passed.Add(state.Other);
                    break;
                default:
                    return null;
            }
        }

        return CharacterSet.Of(first);
    }

    private static SearchValues<string>? Texts(PatternNode whole)
    {
        var alternatives = whole is ChoiceNode { Parts: var parts } ? parts : [whole];
        if (alternatives.Length > MostTexts)
        {
            return null;
        }

        var texts = new List<string>();
        var ignoresCase = false;
        foreach (var alternative in alternatives)
        {
            var text = Text(alternative, ref ignoresCase);
            if (text.Length < 2)
            {
                return null;
            }

            texts.Add(text);
        }

        // Ignoring case of all is more than was asked for where one part only does, and what is found is looked at anyway.
        return SearchValues.Create([.. texts], ignoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
    }

    // The characters in front that are known, behind what takes none.
    private static string Text(PatternNode alternative, ref bool ignoresCase)
    {
        var text = new List<char>();
        foreach (var part in alternative is SequenceNode { Parts: var parts } ? parts : [alternative])
        {
            if (part is AssertionNode)
            {
                continue;
            }

            if (text.Count == LongestText || part is not SetNode { Set.Changes: var changes })
            {
                break;
            }

            if (changes is [var one, var behind] && behind == one + 1)
            {
                text.Add((char)one);
            }
            else if (changes is [var upper, _, var lower, _] && upper + 1 == changes[1] && lower + 1 == changes[3]
                && char.IsAsciiLetterUpper((char)upper) && lower == upper + 32)
            {
                text.Add((char)lower);
                ignoresCase = true;
            }
            else
            {
                break;
            }
        }

        return new([.. text]);
    }
}
