using System.Globalization;
using System.Text.Json;

namespace Attune.Web.Json;

/// <summary>Finds where in a JSON text a place stands that a refusal names.</summary>
internal static class JsonPlace
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = Db.Json.DocumentOptions.MaxDepth };

    /// <summary>The byte at which the value of a path begins; the one of the innermost part that is there, when it is not.</summary>
    /// <param name="json">JSON.</param>
    /// <param name="path">Such as <c>[2].operator</c>.</param>
    /// <returns>Null when not even its first part is there.</returns>
    public static int? Find(ReadOnlySpan<byte> json, string path)
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
        if (reader.TokenType != JsonTokenType.StartArray || !int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
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
