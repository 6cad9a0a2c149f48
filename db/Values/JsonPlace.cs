using System.Globalization;
using System.Text.Json;

namespace Attune.Db.Values;

/// <summary>Names a place in JSON as a person would: <c>payload.commits[3].message</c>.</summary>
public static class JsonPlace
{
    private const int MaxLength = 200;

    /// <summary>The path of the token that starts at a byte. For messages: it walks again from the start.</summary>
    public static string Of(ReadOnlySpan<byte> raw, long tokenStart, string root)
    {
        var steps = new Stack<Step>();
        var reader = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = int.MaxValue });
        while (reader.Read() && reader.TokenStartIndex < tokenStart)
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    steps.Push(new Step());
                    break;
                case JsonTokenType.StartArray:
                    steps.Push(new Step { Index = 0 });
                    break;
                case JsonTokenType.PropertyName:
                    steps.Peek().Name = reader.GetString();
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    steps.Pop();
                    Count(steps);
                    break;
                default:
                    Count(steps);
                    break;
            }
        }

        if (reader.TokenType == JsonTokenType.PropertyName)
        {
            // The name itself is what is wrong: the place is the object that has it.
            steps.Peek().Name = null;
        }

        var path = steps.Reverse().Aggregate(root, (place, step) => step switch
        {
            { Index: { } index } => Within(place, index),
            { Name: { } name } => Within(place, name),
            _ => place,
        });
        return path.Length <= MaxLength ? path : path[..MaxLength] + "…";
    }

    /// <summary>The place of a member; of a root without a name the member alone.</summary>
    public static string Within(string place, string member) => place.Length == 0 ? member : $"{place}.{member}";

    /// <summary>The place of an element, counted from 0.</summary>
    public static string Within(string place, int index) => string.Create(CultureInfo.InvariantCulture, $"{place}[{index}]");

    private static void Count(Stack<Step> steps)
    {
        if (steps.TryPeek(out var step) && step.Index is not null)
        {
            step.Index++;
        }
    }

    private sealed class Step
    {
        public string? Name { get; set; }
        public int? Index { get; set; }
    }
}
