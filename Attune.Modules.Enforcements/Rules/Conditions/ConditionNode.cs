using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>A part of a rule's conditions: a condition, several joined, or one denied.</summary>
internal abstract class ConditionNode
{
    /// <summary>Whether it cannot be told before the event has an instant.</summary>
    public abstract bool NeedsInstant { get; }

    /// <summary>Whether anything but the payload is looked at.</summary>
    public abstract bool ReadsOutside { get; }

    /// <summary>The conditions in it, from left to right.</summary>
    public abstract IEnumerable<ConditionLeaf> Leaves { get; }

    /// <summary>What it comes to; null where that depends on the event's instant, which is not known yet.</summary>
    public abstract Verdict? Evaluate(EvaluationContext context);

    /// <summary>What it comes to, with everything in it tested, those parts included that no longer change the outcome.</summary>
    public abstract ExplainedCondition Explain(EvaluationContext context);

    /// <summary>Writes it as a rule has it.</summary>
    public abstract void Write(Utf8JsonWriter writer);
}

/// <summary>Several conditions, joined.</summary>
internal sealed class ConditionGroup(ConditionJoin join, IReadOnlyList<ConditionNode> items) : ConditionNode
{
    public ConditionJoin JoinedBy { get; } = join;

    public IReadOnlyList<ConditionNode> Items { get; } = items;

    public override bool NeedsInstant { get; } = items.Any(item => item.NeedsInstant);

    public override bool ReadsOutside { get; } = items.Any(item => item.ReadsOutside);

    public override IEnumerable<ConditionLeaf> Leaves => Items.SelectMany(item => item.Leaves);

    public string Name => NameOf(JoinedBy);

    public static string NameOf(ConditionJoin join) => join == ConditionJoin.Any ? "any" : "all";

    public override Verdict? Evaluate(EvaluationContext context)
    {
        // The verdict that decides, whatever the others are.
        var decisive = JoinedBy == ConditionJoin.Any ? Verdict.True : Verdict.False;
        Verdict? verdict = decisive.Opposite();
        foreach (var item in Items)
        {
            var one = item.Evaluate(context);
            if (one == decisive)
            {
                return one;
            }

            verdict = one is null || verdict is null ? null : one == Verdict.Unknown ? one : verdict;
        }

        return verdict;
    }

    public override ExplainedCondition Explain(EvaluationContext context)
    {
        var items = Items.Select(item => item.Explain(context)).ToList();
        return new() { Group = Name, Conditions = items, Verdict = Join(JoinedBy, items) };
    }

    /// <summary>What verdicts come to together.</summary>
    public static Verdict Join(ConditionJoin join, IReadOnlyList<ExplainedCondition> tested) =>
        tested.Count == 0 ? Verdict.True
        : join == ConditionJoin.Any ? tested.Max(one => one.Verdict)
        : tested.Min(one => one.Verdict);

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteStartArray(Name);
        foreach (var item in Items)
        {
            item.Write(writer);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}

/// <summary>A condition denied: true and false change places, and unknown stays.</summary>
internal sealed class NotCondition(ConditionNode item) : ConditionNode
{
    public const string Name = "not";

    public ConditionNode Item { get; } = item;

    public override bool NeedsInstant => Item.NeedsInstant;

    public override bool ReadsOutside => Item.ReadsOutside;

    public override IEnumerable<ConditionLeaf> Leaves => Item.Leaves;

    public override Verdict? Evaluate(EvaluationContext context) => Item.Evaluate(context)?.Opposite();

    public override ExplainedCondition Explain(EvaluationContext context)
    {
        var item = Item.Explain(context);
        return new() { Group = Name, Conditions = [item], Verdict = item.Verdict.Opposite() };
    }

    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName(Name);
        Item.Write(writer);
        writer.WriteEndObject();
    }
}
