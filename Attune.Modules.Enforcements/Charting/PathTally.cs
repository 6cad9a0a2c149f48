using System.Runtime.InteropServices;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements.Charting;

/// <summary>Gathers the values at a path, the newest event first.</summary>
internal sealed class PathTally
{
    private const int MostDistinct = 2_000;
    private const int LongestValue = 200;

    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly List<PathPoint> _points = [];
    private int _found;
    private int _others;
    private int _structures;
    private int _numbers;
    private double _least = double.PositiveInfinity;
    private double _most = double.NegativeInfinity;
    private double _mean;

    /// <summary>Events that were looked at.</summary>
    public int Events { get; private set; }

    /// <summary>Events that were left out.</summary>
    public int TooLarge { get; private set; }

    /// <summary>When the last event came that was looked at.</summary>
    public DateTimeOffset? Since { get; private set; }

    /// <summary>An event that was not looked into.</summary>
    public void LeaveOut(DateTimeOffset created)
    {
        Pass(created);
        TooLarge++;
    }

    /// <summary>An event with what it has at the path.</summary>
    public void Add(long id, DateTimeOffset created, IReadOnlyList<JsonElement> values)
    {
        Pass(created);
        _found += values.Count > 0 ? 1 : 0;
        foreach (var value in values)
        {
            if (value.ValueKind is JsonValueKind.Array or JsonValueKind.Object)
            {
                _structures++;
                continue;
            }

            Count(value);
            if (value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number))
            {
                Measure(id, created, number);
            }
        }
    }

    /// <summary>What came of it.</summary>
    /// <param name="path">The path.</param>
    /// <param name="complete">Whether these are all events of the list.</param>
    public PathValues Values(string path, bool complete)
    {
        var top = _counts.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Take(PathValues.MostTop).ToList();
        return new()
        {
            Path = path,
            Events = Events,
            Found = _found,
            TooLarge = TooLarge,
            Since = Since,
            Complete = complete,
            Numbers = _numbers == 0 ? null : new(_numbers, _least, _mean, _most),
            Points = _points,
            Top = [.. top.Select(one => new PathValueCount(JsonElement.Parse(one.Key, Json.DocumentOptions), one.Value))],
            Others = _others + _counts.Values.Sum() - top.Sum(one => one.Value),
            Structures = _structures,
        };
    }

    private void Pass(DateTimeOffset created) => (Events, Since) = (Events + 1, created);

    private void Count(JsonElement value)
    {
        if (JsonMarshal.GetRawUtf8Value(value).Length > LongestValue)
        {
            _others++;
            return;
        }

        var text = value.GetRawText();
        if (_counts.Count < MostDistinct || _counts.ContainsKey(text))
        {
            _counts[text] = _counts.GetValueOrDefault(text) + 1;
        }
        else
        {
            _others++;
        }
    }

    private void Measure(long id, DateTimeOffset created, double number)
    {
        _numbers++;
        (_least, _most) = (Math.Min(_least, number), Math.Max(_most, number));

        // Each moves it by its share: a sum of many large ones would be no number.
        _mean += (number / _numbers) - (_mean / _numbers);
        if (_points.Count < IPathValues.MostEvents)
        {
            _points.Add(new(id, created, number));
        }
    }
}
