namespace Attune.Modules.Enforcements.Rules.Patterns;

/// <summary>What can be known of a pattern before it is matched, given that any place in the text will do.</summary>
internal static class PatternShape
{
    /// <summary>
    /// Without what changes nothing: since it may begin anywhere and is over at the first match, a repetition at either end is
    /// needed as often as it must be, and no more. <c>.*foo.+</c> is <c>foo.</c>
    /// </summary>
    public static PatternNode Trimmed(PatternNode whole) => Trimmed(Trimmed(whole, fromEnd: false), fromEnd: true);

    /// <summary>Whether it can match at the beginning of the text only.</summary>
    public static bool IsAnchored(PatternNode node) => node switch
    {
        AssertionNode { Assertion: PatternAssertion.Start } => true,
        SequenceNode { Parts: var parts } => IsAnyAnchored(parts),
        ChoiceNode { Parts: var parts } => parts.All(IsAnchored),
        RepeatNode { Least: > 0, Part: var part } => IsAnchored(part),
        _ => false,
    };

    private static bool IsAnyAnchored(PatternNode[] parts)
    {
        foreach (var part in parts)
        {
            if (IsAnchored(part))
            {
                return true;
            }

            if (part.Consumes)
            {
                break;
            }
        }

        return false;
    }

    private static PatternNode Trimmed(PatternNode node, bool fromEnd)
    {
        switch (node)
        {
            case RepeatNode { Least: 0 }:
                return PatternNode.Empty;
            case RepeatNode { Least: 1, Part: var part }:
                return Trimmed(part, fromEnd);
            case RepeatNode { Least: var least, Part: var part }:
                return PatternNode.Repeat(part, least, least);
            case ChoiceNode { Parts: var parts }:
                return PatternNode.Choice([.. parts.Select(part => Trimmed(part, fromEnd))]);
            case SequenceNode { Parts: var parts }:
                var left = new List<PatternNode>(parts);
                while (left.Count > 0)
                {
                    var place = fromEnd ? left.Count - 1 : 0;
                    var trimmed = Trimmed(left[place], fromEnd);
                    if (trimmed is SequenceNode { Parts: [] })
                    {
                        left.RemoveAt(place);
                        continue;
                    }

                    left[place] = trimmed;
                    break;
                }

                return PatternNode.Sequence(left);
            default:
                return node;
        }
    }
}
