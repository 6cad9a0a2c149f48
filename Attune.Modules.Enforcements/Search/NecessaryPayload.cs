using System.Text;
using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Modules.Enforcements.Search;

/// <summary>
/// What a payload must contain for conditions to hold, as jsonb's <c>@&gt;</c> has it: never more than they ask, often less. Of payloads
/// that do not, the database sends nothing.
/// </summary>
internal static class NecessaryPayload
{
    // What is written out longer is left to the evaluator: numeric has bounds of its own.
    private const int LongestNumber = 300;

    public static IReadOnlyList<string> Of(RuleConditions conditions) =>
        conditions.JoinedBy == ConditionJoin.All || conditions.Items.Count == 1
            ? [.. conditions.Items.SelectMany(Of)]
            : [];

    private static IEnumerable<string> Of(ConditionNode node) => node switch
    {
        ConditionLeaf leaf => Of(leaf.Text) is { } necessary ? [necessary] : [],
        ConditionGroup { JoinedBy: ConditionJoin.All } group => group.Items.SelectMany(Of),
        ConditionGroup { Items: [var only] } => Of(only),
        _ => [],
    };

    private static string? Of(LeafText leaf)
    {
        // A step that may be a place in an array says nothing of what contains it, and another root is not in the payload.
        if (leaf is not { Operator.Name: "equals", Value: { } value, IgnoreCase: false, Cast: Cast.None, Field.Root: FieldRoot.Payload }
            || leaf.Field.Path.Steps.Any(step => step.Kind is StepKind.Each or StepKind.Index || step.Index is not null)
            || !leaf.Field.Path.Steps.All(step => StorableText.IsStorable(step.Key))
            || !IsPlain(value))
        {
            return null;
        }

        return RenderedJson.Text(writer =>
        {
            foreach (var step in leaf.Field.Path.Steps)
            {
                writer.WriteStartObject();
                writer.WritePropertyName(step.Key);
            }

            value.WriteTo(writer);
            foreach (var _ in leaf.Field.Path.Steps)
            {
                writer.WriteEndObject();
            }
        });
    }

    // Lists and objects contain more than what they equal, and a key may be in them twice: they are left to the evaluator.
    private static bool IsPlain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => StorableText.IsStorable(value.GetString()!),
        JsonValueKind.Number => value.GetRawText() is var text && text.Length <= LongestNumber
            && JsonNumber.WrittenOut(Encoding.ASCII.GetBytes(text)) is { Whole: <= LongestNumber, Fraction: <= LongestNumber },
        JsonValueKind.True or JsonValueKind.False or JsonValueKind.Null => true,
        _ => false,
    };
}
