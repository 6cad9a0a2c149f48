using Superpower.Model;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Conditions that have been read as text, and are not looked at more closely yet.</summary>
internal abstract record ConditionDraft
{
    internal sealed record Group(ConditionJoin Join, IReadOnlyList<ConditionDraft> Items) : ConditionDraft;

    internal sealed record Not(ConditionDraft Item) : ConditionDraft;

    internal sealed record Leaf(LeafText Text, Position At) : ConditionDraft;
}
