using System.Buffers;
using System.Text;
using Attune.Db;

namespace Attune.Modules.Events.Ledger;

/// <summary>Tells whether text can be stored.</summary>
internal static class TextCheck
{
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

    /// <exception cref="RefusedException">The text cannot be stored, or is longer than <paramref name="maxBytes"/>.</exception>
    public static void Check(string text, string place, int maxBytes)
    {
        if (!IsStorable(text))
        {
            throw RefusedException.Invalid(place, $"{place} holds a character that cannot be stored.");
        }

        if (text.Length > maxBytes || Encoding.UTF8.GetByteCount(text) > maxBytes)
        {
            throw RefusedException.Invalid(place, $"{place} is longer than {maxBytes} bytes.");
        }
    }
}
