using System.Buffers;
using System.Text;

namespace Attune.Db.Values;

/// <summary>Tells, before the server does, whether text can be stored.</summary>
public static class StorableText
{
    /// <summary>The longest label, in characters.</summary>
    public const int LongestLabel = 1_000;

    /// <summary>The longest description, in characters.</summary>
    public const int LongestDescription = 100_000;

    /// <summary>The longest text that names something in the ledger (a source, a key, a reference as it came), in bytes of UTF-8.</summary>
    public const int MaxNameBytes = 255;

    private const int LongestExcerpt = 60;

    /// <summary>False for text with a NUL character or half of a surrogate pair: no stored text is equal to it.</summary>
    public static bool IsStorable(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out var rune, out var length) != OperationStatus.Done || rune.Value == 0)
            {
                return false;
            }

            text = text[length..];
        }

        return true;
    }

    /// <summary>Passes for text that can be stored, or for none.</summary>
    /// <param name="text">The text; null where it was not given.</param>
    /// <param name="field">What it is called in the input.</param>
    /// <param name="longest">The most characters.</param>
    /// <param name="required">Whether text must be given, and not only spaces.</param>
    /// <exception cref="RefusedException">It cannot be stored, is too long, or is missing though required.</exception>
    public static void Check(string? text, string field, int longest, bool required)
    {
        if (required && string.IsNullOrWhiteSpace(text))
        {
            throw RefusedException.Invalid(field, $"{field} must not be empty.");
        }

        if (text?.Length > longest)
        {
            throw RefusedException.Invalid(field, $"{field} is longer than {longest} characters.");
        }

        CheckCharacters(text, field);
    }

    /// <summary>Passes for a name that can be stored, or for none.</summary>
    /// <param name="text">The name; null where it was not given.</param>
    /// <param name="field">What it is called in the input.</param>
    /// <param name="maxBytes">The most bytes of UTF-8.</param>
    /// <exception cref="RefusedException">It cannot be stored, or is too long.</exception>
    public static void CheckName(string? text, string field, int maxBytes = MaxNameBytes)
    {
        CheckCharacters(text, field);
        if (text is not null && (text.Length > maxBytes || Encoding.UTF8.GetByteCount(text) > maxBytes))
        {
            throw RefusedException.Invalid(field, $"{field} is longer than {maxBytes} bytes.");
        }
    }

    /// <summary>Passes for a label that can be stored.</summary>
    /// <exception cref="RefusedException">It is missing, too long, or cannot be stored.</exception>
    public static void CheckLabel(string? label) => Check(label, "label", LongestLabel, required: true);

    /// <summary>Passes for a description that can be stored, or for none.</summary>
    /// <exception cref="RefusedException">It is too long, or cannot be stored.</exception>
    public static void CheckDescription(string? description) => Check(description, "description", LongestDescription, required: false);

    /// <summary>The beginning of somebody's text, as a message repeats it.</summary>
    public static string Excerpt(string text) => text.Length > LongestExcerpt ? text[..LongestExcerpt] + "…" : text;

    private static void CheckCharacters(string? text, string field)
    {
        if (text is not null && !IsStorable(text))
        {
            throw RefusedException.Invalid(field, $"{field} contains a character that cannot be stored.");
        }
    }
}
