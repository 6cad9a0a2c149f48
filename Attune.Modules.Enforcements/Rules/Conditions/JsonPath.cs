using System.Globalization;
using System.Text.Json;
using Attune.Modules.Enforcements.Rules.Evaluation;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>
/// A path into a JSON value: keys of objects, places in arrays, and <c>[*]</c> for each of what is there. Empty is the value itself.
/// </summary>
internal sealed class JsonPath
{
    public const int LongestText = 1000;

    private readonly IReadOnlyList<PathStep> _steps;

    public JsonPath(IReadOnlyList<PathStep> steps)
    {
        _steps = steps;
        HasEach = steps.Any(step => step.Kind == StepKind.Each);
    }

    /// <summary>Whether it is the value itself.</summary>
    public bool IsWhole => _steps.Count == 0;

    /// <summary>Whether it leads to many values.</summary>
    public bool HasEach { get; }

    public IReadOnlyList<PathStep> Steps => _steps;

    /// <summary>What is at the path; null when nothing is. A JSON null is something.</summary>
    public JsonElement? Find(JsonElement? root, EvaluationBudget budget)
    {
        var at = root;
        for (var step = 0; step < _steps.Count && at is not null; step++)
        {
            at = Next(at.Value, _steps[step], budget);
        }

        return at is { ValueKind: JsonValueKind.Undefined } ? null : at;
    }

    /// <summary>
    /// What is at the path of each: null stands for a place where nothing is. Where there is no array or object to go through, that is one
    /// place where nothing is; one that is empty has no places.
    /// </summary>
    public List<JsonElement?> FindEach(JsonElement? root, EvaluationBudget budget)
    {
        var found = new List<JsonElement?>();
        Collect(root is { ValueKind: JsonValueKind.Undefined } ? null : root, 0, found, budget);
        return found;
    }

    public override string ToString() => string.Concat(_steps.Select((step, index) => step.Text(isFirst: index == 0)));

    private void Collect(JsonElement? at, int step, List<JsonElement?> found, EvaluationBudget budget)
    {
        for (; step < _steps.Count && at is { } value; step++)
        {
            if (_steps[step].Kind != StepKind.Each)
            {
                at = Next(value, _steps[step], budget);
                continue;
            }

            if (value.ValueKind is not (JsonValueKind.Array or JsonValueKind.Object))
            {
                at = null;
                break;
            }

            foreach (var item in Items(value))
            {
                budget.Spend(1);
                Collect(item, step + 1, found, budget);
            }

            return;
        }

        found.Add(at);
    }

    // Of a key that is there twice, the last one counts, as it does in jsonb.
    private static IEnumerable<JsonElement> Items(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array)
        {
            return value.EnumerateArray();
        }

        var members = new OrderedDictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            members[member.Name] = member.Value;
        }

        return members.Values;
    }

    private static JsonElement? Next(JsonElement at, PathStep step, EvaluationBudget budget)
    {
        switch (at.ValueKind)
        {
            case JsonValueKind.Object when step.Kind is StepKind.Name or StepKind.Key:
                budget.Spend(1 + (at.GetPropertyCount() >> 3));
                return at.TryGetProperty(step.Key, out var value) ? value : null;

            case JsonValueKind.Array when step is { Kind: StepKind.Name or StepKind.Index, Index: { } index }:
                budget.Spend(1 + (at.GetArrayLength() >> 3));
                return index < at.GetArrayLength() ? at[index] : null;

            default:
                budget.Spend(1);
                return null;
        }
    }
}

/// <summary>How a step goes on.</summary>
internal enum StepKind
{
    /// <summary>Between dots: a key, and in an array a place.</summary>
    Name,

    /// <summary>Quoted: a key, whatever is in it.</summary>
    Key,

    /// <summary>A number in brackets: a place in an array.</summary>
    Index,

    /// <summary><c>[*]</c>: each item of an array, each value of an object.</summary>
    Each,
}

/// <summary>One step of a path.</summary>
/// <param name="Kind">How it goes on.</param>
/// <param name="Key">The key; the digits of an index.</param>
/// <param name="Index">The place in an array; null when it can be none.</param>
internal readonly record struct PathStep(StepKind Kind, string Key, int? Index)
{
    public static PathStep Each { get; } = new(StepKind.Each, "", null);

    public static PathStep Of(StepKind kind, string key) => new(
        kind, key,
        kind != StepKind.Key && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var index) ? index : null);

    public string Text(bool isFirst) => Kind switch
    {
        StepKind.Each => "[*]",
        StepKind.Index => $"[{Key}]",
        StepKind.Key => $"[{PathText.Quoted(Key)}]",
        _ => isFirst ? Key : $".{Key}",
    };
}
