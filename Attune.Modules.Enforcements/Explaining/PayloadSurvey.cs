using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>Gathers the paths of payloads, the newest payload first.</summary>
internal sealed class PayloadSurvey
{
    private const int MostDepth = 8;
    private const int MostItems = 20;
    private const int MostExamples = 5;
    private const int LongestExample = 200;

    private readonly OrderedDictionary<string, Seen> _seen = new(StringComparer.Ordinal);
    private int _events;

    public void Add(long id, JsonElement payload)
    {
        _events++;
        Visit([], payload, id);
    }

    public PayloadFields Fields(string triggerRef, int events) => new()
    {
        TriggerRef = triggerRef,
        Events = events,
        Fields = [.. _seen.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => new PayloadField
        {
            Path = one.Key,
            Types = [.. one.Value.Types.OrderByDescending(type => type.Value).Select(type => type.Key)],
            Examples = [.. one.Value.Examples.Values],
            Events = one.Value.Events,
            LastEvent = one.Value.LastEvent,
        })],
    };

    private void Visit(PathStep[] steps, JsonElement value, long id)
    {
        if (steps.Length > 0 && !Note(PayloadPath.Text(steps), value, id))
        {
            return;
        }

        if (steps.Length >= MostDepth)
        {
            return;
        }

        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    Visit([.. steps, PayloadPath.KeyStep(member.Name)], member.Value, id);
                }

                break;
            case JsonValueKind.Array when steps.Count(step => step.Kind == StepKind.Each) < PathText.MostEach:
                foreach (var item in value.EnumerateArray().Take(MostItems))
                {
                    Visit([.. steps, PathStep.Each], item, id);
                }

                break;
        }
    }

    // False where there are too many paths already.
    private bool Note(string path, JsonElement value, long id)
    {
        if (path.Length > JsonPath.LongestText)
        {
            return false;
        }

        if (!_seen.TryGetValue(path, out var seen))
        {
            if (_seen.Count == PayloadFields.MostFields)
            {
                return false;
            }

            _seen.Add(path, seen = new() { LastEvent = id });
        }

        if (seen.Counted != _events)
        {
            (seen.Counted, seen.Events) = (_events, seen.Events + 1);
        }

        var type = TypeOf(value);
        seen.Types[type] = seen.Types.GetValueOrDefault(type) + 1;
        if (seen.Examples.Count < MostExamples && type is not ("list" or "object")
            && JsonMarshal.GetRawUtf8Value(value) is { Length: <= LongestExample } raw && !seen.Examples.ContainsKey(value.GetRawText()))
        {
            // A part of a payload would keep the whole of it in memory.
            seen.Examples.Add(value.GetRawText(), JsonElement.Parse(raw, Json.DocumentOptions));
        }

        return true;
    }

    private static string TypeOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "text",
        JsonValueKind.Number => "number",
        JsonValueKind.True or JsonValueKind.False => "truth",
        JsonValueKind.Array => "list",
        JsonValueKind.Object => "object",
        _ => "null",
    };

    private sealed class Seen
    {
        public required long LastEvent { get; init; }
        public int Counted { get; set; }
        public int Events { get; set; }
        public Dictionary<string, int> Types { get; } = new(StringComparer.Ordinal);
        public OrderedDictionary<string, JsonElement> Examples { get; } = new(StringComparer.Ordinal);
    }
}
