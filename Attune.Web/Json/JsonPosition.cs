using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Attune.Web.Json;

/// <summary>Where something stands in a JSON text: its line and the character of that line, which both count from 1.</summary>
internal readonly record struct JsonPosition(int Line, int Column)
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = Db.Json.DocumentOptions.MaxDepth };

    /// <summary>Where the value of a path begins; where the innermost part that is there does, when it is not.</summary>
    /// <param name="json">JSON.</param>
    /// <param name="path">Such as <c>[2].operator</c>.</param>
    /// <returns>Null when not even its first part is there.</returns>
    public static JsonPosition? Find(string json, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        if (FindByte(bytes, path) is not { } at)
        {
            return null;
        }

        var before = Encoding.UTF8.GetString(bytes.AsSpan(0, at));
        return new(before.Count(character => character == '\n') + 1, before.Length - before.LastIndexOf('\n'));
    }

    /// <summary>Where a text ceases to be JSON.</summary>
    /// <param name="text">The text.</param>
    /// <param name="error">What was thrown when it was read.</param>
    /// <returns>Null when the text as a whole is refused.</returns>
    public static JsonPosition? Of(string text, JsonException error)
    {
        if (error is not { LineNumber: { } line, BytePositionInLine: { } bytes })
        {
            return null;
        }

        var encoded = Encoding.UTF8.GetBytes(LineOf(text, (int)line + 1));
        return new((int)line + 1, Encoding.UTF8.GetCharCount(encoded, 0, (int)Math.Min(bytes, encoded.Length)) + 1);
    }

    /// <summary>A line of a text, without its end; empty when there is none of the number.</summary>
    public static string LineOf(string text, int line) =>
        text.Split('\n') is var lines && line <= lines.Length ? lines[line - 1].TrimEnd('\r') : "";

    private static int? FindByte(ReadOnlySpan<byte> json, string path)
    {
        var reader = new Utf8JsonReader(json, Options);
        int? found = null;
        foreach (var part in path.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!(found is not null || reader.Read())
                || !(part is ['[', .. var number, ']'] ? ToElement(ref reader, number) : ToMember(ref reader, part)))
            {
                break;
            }

            found = (int)reader.TokenStartIndex;
        }

        return found;
    }

    private static bool ToElement(ref Utf8JsonReader reader, string number)
    {
        if (reader.TokenType != JsonTokenType.StartArray
            || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return false;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (index-- == 0)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }

    private static bool ToMember(ref Utf8JsonReader reader, string name)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(name))
            {
                return reader.Read();
            }

            reader.Read();
            reader.Skip();
        }

        return false;
    }
}
