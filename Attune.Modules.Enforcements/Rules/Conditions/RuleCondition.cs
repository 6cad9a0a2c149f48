using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>One condition of a rule: what is at a path of the payload, tested by an operator.</summary>
internal sealed class RuleCondition
{
    private const string Prefix = "event.payload";

    private readonly JsonPath _path;
    private readonly Func<JsonElement?, Verdict> _test;

    private RuleCondition(string field, string @operator, JsonElement? expected, JsonPath path, Func<JsonElement?, Verdict> test)
    {
        Field = field;
        Operator = @operator;
        Expected = expected;
        _path = path;
        _test = test;
    }

    public string Field { get; }

    /// <summary>The field as it is looked for: from the event down.</summary>
    public string FullPath => _path.IsWhole ? Prefix : $"{Prefix}.{_path}";

    public string Operator { get; }

    /// <summary>What the operator compares with; null for one that compares with nothing.</summary>
    public JsonElement? Expected { get; }

    /// <exception cref="RefusedException">It is not a condition; the field names the part of it that is wrong.</exception>
    public static RuleCondition Parse(JsonElement condition, string place)
    {
        if (condition.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(place, $"{place} must be an object with field, operator and value.");
        }

        JsonElement? field = null, name = null, expected = null;
        foreach (var member in condition.EnumerateObject())
        {
            _ = member.Name switch
            {
                "field" => field = member.Value,
                "operator" => name = member.Value,
                "value" => expected = member.Value,
                var other => throw RefusedException.Invalid(
                    $"{place}.{other}", $"{place}.{other} means nothing: a condition has field, operator and value."),
            };
        }

        var path = Path(field, $"{place}.field");
        var test = ConditionOperators.Compile(Name(name, $"{place}.operator"), expected, place);
        return new(field!.Value.GetString()!, name!.Value.GetString()!, expected, path, test);
    }

    /// <summary>Tests a payload, and tells what was found at the path: null when nothing was.</summary>
    public Verdict Test(JsonElement? payload, out JsonElement? actual)
    {
        actual = _path.Find(payload);
        return _test(actual);
    }

    private static string Name(JsonElement? name, string place) =>
        name is { ValueKind: JsonValueKind.String } text
            ? text.GetString()!
            : throw RefusedException.Invalid(place, $"{place} must be one of: {ConditionOperators.Names}.");

    private static JsonPath Path(JsonElement? field, string place)
    {
        if (field is not { ValueKind: JsonValueKind.String }
            || field.Value.GetString() is not { Length: > 0 and <= JsonPath.LongestText } text)
        {
            throw RefusedException.Invalid(
                place, $"{place} must be a path into the payload, such as user.name, of at most {JsonPath.LongestText} characters.");
        }

        var relative = text == Prefix ? ""
            : text.StartsWith(Prefix + ".", StringComparison.Ordinal) ? text[(Prefix.Length + 1)..]
            : text;
        return (relative.Length == 0 && text != Prefix ? null : JsonPath.TryParse(relative))
            ?? throw RefusedException.Invalid(place, $"{place} has an empty part between its dots.");
    }
}
