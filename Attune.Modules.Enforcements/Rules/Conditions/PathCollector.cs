using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>Collects the paths that JSON values have, as conditions spell them, with what is there; the newest value first.</summary>
/// <param name="mostPaths">The most paths.</param>
/// <param name="mostExamples">The most examples of a path.</param>
/// <param name="longestExample">The longest example, in bytes of JSON.</param>
internal sealed class PathCollector(int mostPaths, int mostExamples, int longestExample)
{
    private const int MostDepth = 8;
    private const int MostItems = 20;

    private readonly OrderedDictionary<string, CollectedPath> _paths = new(StringComparer.Ordinal);
    private int _values;

    /// <summary>In the order in which the values have them.</summary>
    public IEnumerable<CollectedPath> Paths => _paths.Values;

    /// <param name="value">The value.</param>
    /// <param name="source">The id of what has it.</param>
    public void Add(JsonElement value, long source)
    {
        _values++;
        Visit("", value, source, depth: 0, lists: 0);
    }

    private void Visit(string path, JsonElement value, long source, int depth, int lists)
    {
        if ((path.Length > 0 && !Note(path, value, source)) || depth >= MostDepth)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Visit(ConditionPaths.Below(path, member.Name), member.Value, source, depth + 1, lists);
                }

                break;
            case JsonValueKind.Array when lists < PathText.MostEach:
                foreach (var item in value.EnumerateArray().Take(MostItems))
                {
                    Visit(ConditionPaths.Each(path), item, source, depth + 1, lists + 1);
                }

                break;
        }
    }

    // False where there are too many paths already; those below it are not known either.
    private bool Note(string path, JsonElement value, long source)
    {
        if (!_paths.TryGetValue(path, out var known))
        {
            if (_paths.Count == mostPaths || path.Length > JsonPath.LongestText)
            {
                return false;
            }

            _paths.Add(path, known = new() { Path = path, Newest = source });
        }

        known.CountOnce(_values);
        var kind = value.ValueKind == JsonValueKind.False ? JsonValueKind.True : value.ValueKind;
        known.Kinds[kind] = known.Kinds.GetValueOrDefault(kind) + 1;
        if (kind is not (JsonValueKind.Object or JsonValueKind.Array) && known.Examples.Count < mostExamples
            && JsonMarshal.GetRawUtf8Value(value) is var raw && raw.Length <= longestExample && !known.Examples.ContainsKey(value.GetRawText()))
        {
            // A part of a payload would keep the whole of it in memory.
            known.Examples.Add(value.GetRawText(), JsonElement.Parse(raw, Json.DocumentOptions));
        }

        return true;
    }
}

/// <summary>A path that values have.</summary>
internal sealed class CollectedPath
{
    private int _counted;

    public required string Path { get; init; }

    /// <summary>What the newest value belongs to that has it.</summary>
    public required long Newest { get; init; }

    /// <summary>How many of the values have it.</summary>
    public int Count { get; private set; }

    /// <summary>How often each kind was there; of true and false both are <see cref="JsonValueKind.True"/>.</summary>
    public Dictionary<JsonValueKind, int> Kinds { get; } = [];

    /// <summary>Short simple values that are there, the newest first, by their text.</summary>
    public OrderedDictionary<string, JsonElement> Examples { get; } = new(StringComparer.Ordinal);

    /// <summary>The words for what is there, the commonest first.</summary>
    /// <param name="truth">The word for true and false.</param>
    public IReadOnlyList<string> Types(string truth) => [.. Kinds.OrderByDescending(kind => kind.Value).Select(kind => kind.Key switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True => truth,
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "object",
        _ => "null",
    })];

    public void CountOnce(int value)
    {
        Count += _counted == value ? 0 : 1;
        _counted = value;
    }
}
