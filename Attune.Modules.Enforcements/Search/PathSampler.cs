using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Modules.Enforcements.Search;

/// <summary>Collects the paths of rows, each row a JSON value.</summary>
internal sealed class PathSampler
{
    private const int MostPaths = 2_000;
    private const int MostDepth = 8;
    private const int MostItems = 20;
    private const int MostExamples = 10;
    private const int LongestExample = 120;

    private readonly Dictionary<string, SampledValue> _samples = new(StringComparer.Ordinal);
    private int _row;

    /// <summary>The paths, in the order in which rows have them.</summary>
    public IReadOnlyList<SampledPath> Paths =>
    [
        .. _samples.Where(one => IsReadable(one.Key)).Select(one => new SampledPath
        {
            Path = one.Key,
            Types = [.. one.Value.Types.OrderByDescending(type => type.Value).Select(type => type.Key)],
            Examples = one.Value.Examples,
            Rows = one.Value.Rows,
        }),
    ];

    public void Add(JsonElement row)
    {
        _row++;
        Walk(row, "", 0);
    }

    // What a path is written with may mean something else in the language: such a one is not offered.
    private static bool IsReadable(string path)
    {
        try
        {
            return SearchedConditions.Parse($"{path} exists").Leaves.Single().Text.Field.Text == path;
        }
        catch (Db.RefusedException)
        {
            return false;
        }
    }

    private void Walk(JsonElement value, string path, int depth)
    {
        if (path.Length > 0)
        {
            Note(path, value);
        }

        if (depth >= MostDepth)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Walk(member.Value, ConditionPaths.Below(path, member.Name), depth + 1);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray().Take(MostItems))
                {
                    Walk(item, $"{(path.Length == 0 ? "$" : path)}[*]", depth + 1);
                }

                break;
        }
    }

    private void Note(string path, JsonElement value)
    {
        if (!_samples.TryGetValue(path, out var sample))
        {
            if (_samples.Count >= MostPaths || path.Length > JsonPath.LongestText)
            {
                return;
            }

            _samples[path] = sample = new();
        }

        sample.Rows += sample.LastRow == _row ? 0 : 1;
        sample.LastRow = _row;
        var type = TypeOf(value);
        sample.Types[type] = sample.Types.GetValueOrDefault(type) + 1;
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Array) && sample.Examples.Count < MostExamples
            && JsonMarshal.GetRawUtf8Value(value).Length <= LongestExample
            && sample.Known.Add(value.GetRawText()))
        {
            sample.Examples.Add(value.Clone());
        }
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "boolean",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "object",
        _ => "null",
    };

    private sealed class SampledValue
    {
        public int Rows { get; set; }

        public int LastRow { get; set; }

        public Dictionary<string, int> Types { get; } = [];

        public List<JsonElement> Examples { get; } = [];

        public HashSet<string> Known { get; } = new(StringComparer.Ordinal);
    }
}
