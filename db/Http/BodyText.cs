using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Attune.Db.Values;

namespace Attune.Db.Http;

/// <summary>
/// Looks at the text of a body, once: UTF-8, JSON, and nothing in it that cannot be stored. What passes need not be looked at again.
/// </summary>
public static class BodyText
{
    /// <summary>The value of a body of any kind.</summary>
    /// <param name="text">The bytes as they came.</param>
    /// <param name="place">What the body is called in messages.</param>
    /// <param name="maxBytes">The most bytes of its numbers when they are written out.</param>
    /// <exception cref="RefusedException">The text is empty, not UTF-8, not JSON, or none that can be stored.</exception>
    public static JsonElement Parse(ReadOnlySpan<byte> text, string place, int maxBytes)
    {
        text = Checked(text, place, maxBytes);
        return text.IsEmpty ? throw Malformed("The body is empty; JSON is expected.") : JsonElement.Parse(text, Json.DocumentOptions);
    }

    /// <summary>The text without a byte order mark and the white space around it; empty where there is nothing else.</summary>
    /// <exception cref="RefusedException">The text is not UTF-8, not JSON, or none that can be stored.</exception>
    internal static ReadOnlySpan<byte> Checked(ReadOnlySpan<byte> text, string place, int maxBytes)
    {
        text = text.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? text[3..] : text;
        if (!Utf8.IsValid(text))
        {
            throw Malformed("The body is not UTF-8.");
        }

        var trimmed = text.Trim(" \t\r\n"u8);
        if (trimmed.IsEmpty)
        {
            return trimmed;
        }

        try
        {
            StorableJson.CheckBody(text, place, maxBytes);
            return trimmed;
        }
        catch (JsonException error)
        {
            throw Malformed($"The body is not JSON: {Explain(text, error)}");
        }
    }

    internal static RefusedException Malformed(string message) => new(RefusalKind.Malformed, null, message);

    // Lines and columns are counted from 1, as editors do, and columns in characters.
    private static string Explain(ReadOnlySpan<byte> text, JsonException error)
    {
        var line = (int)(error.LineNumber ?? 0);
        var start = 0;
        for (var passed = 0; passed < line && text[start..].IndexOf((byte)'\n') is >= 0 and var end; passed++)
        {
            start += end + 1;
        }

        var at = Math.Min(start + (int)(error.BytePositionInLine ?? 0), text.Length);
        var column = 1;
        foreach (var unit in text[start..at])
        {
            column += (unit & 0b1100_0000) == 0b1000_0000 ? 0 : 1;
        }

        var place = string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, column {column}");
        return Rune.DecodeFromUtf8(text[at..], out var rune, out _) == OperationStatus.Done
            ? $"{Shown(rune)} cannot stand at {place}."
            : $"it ends too soon, at {place}.";
    }

    private static string Shown(Rune rune) => Rune.IsControl(rune) || Rune.IsWhiteSpace(rune)
        ? string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4}")
        : $"'{rune}'";
}
