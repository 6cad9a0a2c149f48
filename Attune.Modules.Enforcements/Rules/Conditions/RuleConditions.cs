using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>
/// The conditions of a rule, ready to be evaluated; pure, and the only place that says what a condition means. A condition is
/// true, false, or unknown: unknown where the path leads nowhere or the types do not compare. Joined by "all" the least of
/// them counts, joined by "any" the greatest, and only what is true matches. No conditions always match.
/// </summary>
internal sealed class RuleConditions
{
    public const int MostConditions = 100;
    public const int MostDepth = 12;

    private const string Place = "conditions";

    private readonly ConditionGroup _root;
    private readonly int _leaves;

    private RuleConditions(ConditionJoin join, IReadOnlyList<ConditionNode> items)
    {
        _root = new(join, items);
        foreach (var leaf in _root.Leaves)
        {
            leaf.Number = _leaves++;
        }
    }

    public ConditionJoin JoinedBy => _root.JoinedBy;

    public IReadOnlyList<ConditionNode> Items => _root.Items;

    /// <summary>Whether they cannot be told before the event has an instant.</summary>
    public bool NeedsInstant => _root.NeedsInstant;

    /// <summary>Whether anything but the payload is looked at.</summary>
    public bool ReadsOutside => _root.ReadsOutside;

    /// <summary>As the original has them, and as they are stored: an array, whose parts may be groups, joined by the rule's condition.</summary>
    public JsonElement Stored => JsonElement.Parse(RenderedJson.Bytes(writer =>
    {
        writer.WriteStartArray();
        foreach (var item in Items)
        {
            item.Write(writer);
        }

        writer.WriteEndArray();
    }));

    /// <summary>
    /// Reads the conditions of a rule: an array joined by its condition, a group, or <c>{"expression": "…"}</c>; an empty array or object
    /// always matches.
    /// </summary>
    /// <exception cref="RefusedException">
    /// They are no conditions; the field names the place, such as <c>conditions[2].operator</c>.
    /// </exception>
    public static RuleConditions Parse(JsonElement conditions, ConditionJoin join) => Parse(conditions, join, new(ConditionLeaf.Compile));

    /// <summary>The text form of what is stored; empty when there are no conditions. Nothing is compiled for it.</summary>
    /// <exception cref="RefusedException">They are no conditions: somebody wrote them past the checks.</exception>
    public static string TextOf(JsonElement stored, ConditionJoin join) => Parse(stored, join, new(ConditionLeaf.Written)).ToText();

    /// <summary>What is asked in stored conditions, from left to right. Nothing is compiled for it.</summary>
    /// <exception cref="RefusedException">They are no conditions: somebody wrote them past the checks.</exception>
    public static IReadOnlyList<LeafText> LeavesOf(JsonElement stored, ConditionJoin join) =>
        [.. Parse(stored, join, new(ConditionLeaf.Written))._root.Leaves.Select(leaf => leaf.Text)];

    private static RuleConditions Parse(JsonElement conditions, ConditionJoin join, ConditionJson json)
    {
        if (conditions.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
        {
            throw RefusedException.Invalid(
                Place,
                "conditions must be an array of {field, operator, value}, a group such as {\"any\": […]}, or {\"expression\": \"…\"}; "
                + "an empty array always matches.");
        }

        StorableJson.Check(conditions, Place);
        var parsed = conditions.ValueKind == JsonValueKind.Array
            ? new(join, json.ReadItems(conditions, Place, 0))
            : conditions.EnumerateObject().ToList() switch
            {
                [] => new(join, []),
                [{ Name: "expression" } only] => OfText(only.Value),
                _ when ConditionJson.IsGroup(conditions) || conditions.TryGetProperty("field", out _) =>
                    Of(json.Read(conditions, Place, 0)),
                var members => throw RefusedException.Invalid(
                    $"{Place}.{StorableText.Excerpt(members[0].Name)}",
                    $"{Place}.{StorableText.Excerpt(members[0].Name)} means nothing: an object is a group (all, any or not), "
                    + "one condition (field, operator, value), or an expression."),
            };
        return parsed._leaves <= MostConditions
            ? parsed
            : throw RefusedException.Invalid(Place, $"conditions are more than {MostConditions}.");
    }

    /// <summary>Reads the text form.</summary>
    /// <param name="text">The text.</param>
    /// <param name="place">What it is called in the input.</param>
    /// <param name="check">Refuses a condition that is right, but means nothing where the text stands.</param>
    /// <exception cref="RefusedException">It is none; the message says at which character.</exception>
    public static RuleConditions ParseText(string text, string place, Action<LeafText>? check = null) =>
        Of(ConditionText.Parse(text, place, check));

    /// <summary>The text form; empty when there are no conditions.</summary>
    public string ToText() => Items.Count == 0 ? "" : ConditionPrinter.Print(_root);

    /// <summary>The text form of one of the items.</summary>
    public string TextOf(int index) => ConditionPrinter.Print(new(ConditionJoin.All, [Items[index]]));

    /// <summary>What they come to; null where that depends on the event's instant, which is not known yet.</summary>
    public Verdict? Evaluate(EvaluationContext context) => Items.Count == 0 ? Verdict.True : _root.Evaluate(context);

    /// <summary>Room for what each condition comes to.</summary>
    public Verdict?[] NewKnown() => new Verdict?[_leaves];

    /// <summary>Tests every condition, those included that no longer change the outcome.</summary>
    public IReadOnlyList<ExplainedCondition> Explain(EvaluationContext context) => [.. Items.Select(item => item.Explain(context))];

    /// <summary>What verdicts come to together; the same as evaluating for those of all the conditions.</summary>
    public Verdict Join(IReadOnlyList<ExplainedCondition> tested) => ConditionGroup.Join(JoinedBy, tested);

    /// <summary>
    /// The number of the one condition that stands in the way of a match: the others, at least one, are true. Null when the
    /// event matches, is further away, or the conditions are joined by "any", where each of them is a way of its own.
    /// </summary>
    public int? OnlyObstacle(EvaluationContext context)
    {
        if (JoinedBy == ConditionJoin.Any || Items.Count < 2)
        {
            return null;
        }

        int? obstacle = null;
        for (var index = 0; index < Items.Count; index++)
        {
            if (Items[index].Evaluate(context) == Verdict.True)
            {
                continue;
            }

            if (obstacle is not null)
            {
                return null;
            }

            obstacle = index;
        }

        return obstacle;
    }

    private static RuleConditions Of(ConditionNode node) => node is ConditionGroup group
        ? new(group.JoinedBy, group.Items)
        : new(ConditionJoin.All, [node]);

    private static RuleConditions OfText(JsonElement text) => text.ValueKind == JsonValueKind.String
        ? ParseText(text.GetString()!, $"{Place}.expression")
        : throw RefusedException.Invalid($"{Place}.expression", $"{Place}.expression must be text.");
}
