using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Reads conditions from JSON.</summary>
/// <param name="compile">
/// Makes a condition of what it says and where it stands: <see cref="ConditionLeaf.Compile"/>, or <see cref="ConditionLeaf.Written"/> for what
/// was compiled when it was saved and is only to be shown.
/// </param>
internal sealed class ConditionJson(Func<LeafText, string, ConditionLeaf> compile)
{
    private const string LeafParts = "field, operator, value, other_field, ignore_case, as and quantifier";

    /// <summary>The conditions of a group, or of a rule.</summary>
    /// <param name="items">The array.</param>
    /// <param name="place">What it is called in the input.</param>
    /// <param name="depth">How many groups it is in.</param>
    /// <exception cref="RefusedException">One of them is no condition; the field names the part of it that is wrong.</exception>
    public IReadOnlyList<ConditionNode> ReadItems(JsonElement items, string place, int depth) =>
        items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray().Select((item, index) => Read(item, JsonPlace.Within(place, index), depth))]
            : throw RefusedException.Invalid(place, $"{place} must be an array of conditions.");

    /// <summary>One condition or group.</summary>
    /// <exception cref="RefusedException">It is none; the field names the part of it that is wrong.</exception>
    public ConditionNode Read(JsonElement condition, string place, int depth)
    {
        if (condition.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(
                place, $"{place} must be an object: {{field, operator, value}}, {{\"all\": […]}}, {{\"any\": […]}} or {{\"not\": …}}.");
        }

        if (depth > RuleConditions.MostDepth)
        {
            throw RefusedException.Invalid(place, $"{place} is in more than {RuleConditions.MostDepth} groups.");
        }

        return IsGroup(condition) ? ReadGroup(condition, place, depth) : ReadLeaf(condition, place);
    }

    /// <summary>Whether an object is a group.</summary>
    public static bool IsGroup(JsonElement condition) => condition.EnumerateObject().Any(member => member.Name is "all" or "any" or "not");

    private ConditionNode ReadGroup(JsonElement group, string place, int depth)
    {
        var members = group.EnumerateObject().ToList();
        if (members.Count != 1)
        {
            var other = members.Find(member => member.Name is not ("all" or "any" or "not")) is { Value.ValueKind: not JsonValueKind.Undefined } found
                ? found.Name : members[1].Name;
            throw RefusedException.Invalid(
                $"{place}.{StorableText.Excerpt(other)}",
                $"{place}.{StorableText.Excerpt(other)} means nothing beside {members[0].Name}: a group is all, any or not, and nothing else.");
        }

        var name = members[0].Name;
        var within = JsonPlace.Within(place, name);
        if (name == NotCondition.Name)
        {
            return new NotCondition(Read(members[0].Value, within, depth + 1));
        }

        var items = ReadItems(members[0].Value, within, depth + 1);
        return items.Count switch
        {
            0 => throw RefusedException.Invalid(within, $"{within} must have at least one condition."),
            1 => items[0],
            _ => new ConditionGroup(name == "any" ? ConditionJoin.Any : ConditionJoin.All, items),
        };
    }

    private ConditionLeaf ReadLeaf(JsonElement leaf, string place)
    {
        JsonElement? field = null, name = null, value = null, other = null, ignoreCase = null, cast = null, quantifier = null;
        foreach (var member in leaf.EnumerateObject())
        {
            _ = member.Name switch
            {
                "field" => field = member.Value,
                "operator" => name = member.Value,
                "value" => value = member.Value,
                "other_field" => other = member.Value,
                "ignore_case" => ignoreCase = member.Value,
                "as" => cast = member.Value,
                "quantifier" => quantifier = member.Value,
                var unknown => throw RefusedException.Invalid(
                    $"{place}.{StorableText.Excerpt(unknown)}",
                    $"{place}.{StorableText.Excerpt(unknown)} means nothing: a condition has {LeafParts}."),
            };
        }

        if (value is not null && JsonValues.Given(other) is not null)
        {
            throw RefusedException.Invalid($"{place}.other_field", $"{place}.other_field stands in place of value: only one may be given.");
        }

        return compile(
            new()
            {
                Field = Path(field, $"{place}.field"),
                Operator = Operator(name, $"{place}.operator"),
                Value = value,
                Other = JsonValues.Given(other) is { } path ? Path(path, $"{place}.other_field") : null,
                IgnoreCase = Flag(ignoreCase, $"{place}.ignore_case"),
                Cast = CastOf(cast, $"{place}.as"),
                Quantifier = QuantifierOf(quantifier, $"{place}.quantifier"),
            },
            place);
    }

    private static FieldPath Path(JsonElement? field, string place) =>
        field is { ValueKind: JsonValueKind.String } text
            ? FieldPath.Parse(text.GetString()!, place)
            : throw RefusedException.Invalid(place, $"{place} must be a path into the event, such as user.name.");

    private static ConditionOperator Operator(JsonElement? name, string place) =>
        (name is { ValueKind: JsonValueKind.String } text ? ConditionOperators.Find(text.GetString()!) : null)
        ?? throw RefusedException.Invalid(place, $"{place} must be one of: {ConditionOperators.Names}.");

    private static bool Flag(JsonElement? flag, string place) => JsonValues.Given(flag) switch
    {
        null => false,
        { ValueKind: JsonValueKind.True or JsonValueKind.False } given => given.GetBoolean(),
        _ => throw RefusedException.Invalid(place, $"{place} must be true or false."),
    };

    private static Cast CastOf(JsonElement? cast, string place) => JsonValues.Given(cast) switch
    {
        null => Cast.None,
        { ValueKind: JsonValueKind.String } text when Casts.TryParse(text.GetString()!) is { } known => known,
        _ => throw RefusedException.Invalid(place, $"{place} must be one of: {Casts.Names}."),
    };

    private static Quantifier QuantifierOf(JsonElement? quantifier, string place) => JsonValues.Given(quantifier) switch
    {
        null => Quantifier.Any,
        { ValueKind: JsonValueKind.String } text when EnumNames.Find<Quantifier>(text.GetString()!) is { } known => known,
        _ => throw RefusedException.Invalid(place, $"{place} must be one of: any, all, none."),
    };
}
