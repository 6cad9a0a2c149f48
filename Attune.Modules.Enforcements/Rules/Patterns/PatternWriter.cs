namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>Writes the states of a pattern out, from the last part to the first, so that each knows what it leads to.</summary>
internal sealed class PatternWriter
{
    private readonly List<PatternState> _states;
    private readonly List<CharacterSet> _sets = [];
    private readonly Dictionary<CharacterSet, int> _places = [];

    public PatternWriter(PatternNode whole)
    {
        _states = new((int)whole.States + 1) { new(PatternStateKind.Match, 0, 0, 0) };
        Start = (ushort)Write(whole, 0);
    }

    public PatternState[] States => [.. _states];

    public IReadOnlyList<CharacterSet> Sets => _sets;

    public ushort Start { get; }

    private int Write(PatternNode node, int next)
    {
        switch (node)
        {
            case SetNode { Set: var set }:
                return Add(new(PatternStateKind.Set, Place(set), next, 0));
            case AssertionNode { Assertion: var assertion }:
                return Add(new(PatternStateKind.Assertion, (int)assertion, next, 0));
            case SequenceNode { Parts: var parts }:
                for (var part = parts.Length - 1; part >= 0; part--)
                {
                    next = Write(parts[part], next);
                }

                return next;
            case ChoiceNode { Parts: var parts }:
                var choice = Write(parts[^1], next);
                for (var part = parts.Length - 2; part >= 0; part--)
                {
                    choice = Add(new(PatternStateKind.Fork, 0, Write(parts[part], next), choice));
                }

                return choice;
            case RepeatNode { Most: RepeatNode.Unbounded } repeat:
                var loop = Add(new(PatternStateKind.Fork, 0, 0, next));
                var body = Write(repeat.Part, loop);
                _states[loop] = _states[loop] with { Next = (ushort)body };
                return repeat.Least == 0 ? loop : Copies(repeat.Part, repeat.Least - 1, body);
            case RepeatNode repeat:
                var rest = next;
                for (var copy = repeat.Least; copy < repeat.Most; copy++)
                {
                    rest = Add(new(PatternStateKind.Fork, 0, Write(repeat.Part, rest), next));
                }

                return Copies(repeat.Part, repeat.Least, rest);
            default:
                throw new InvalidOperationException($"A part of a pattern is of the type {node.GetType().Name}, which is not known.");
        }
    }

    private int Copies(PatternNode part, int count, int next)
    {
        for (; count > 0; count--)
        {
            next = Write(part, next);
        }

        return next;
    }

    private int Add(PatternState state)
    {
        _states.Add(state);
        return _states.Count - 1;
    }

    private int Place(CharacterSet set)
    {
        if (!_places.TryGetValue(set, out var place))
        {
            place = _sets.Count;
            _places.Add(set, place);
            _sets.Add(set);
        }

        return place;
    }
}
