using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Text of a sender's, as an event keeps it.</summary>
internal static class SaidText
{
    public const int MaxLength = 255;

    /// <summary>Without what a terminal or a log would act on; null where nothing is left. Halves of surrogate pairs become U+FFFD.</summary>
    public static string? Clean(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            return null;
        }

        var clean = IsPlain(value)
            ? value.Trim()
            : string.Concat(value.EnumerateRunes().Where(rune => !Rune.IsControl(rune))).Trim();
        return clean.Length > 0 ? clean : null;
    }

    [return: NotNullIfNotNull(nameof(value))]
    public static string? Shortened(string? value, int longest = MaxLength) =>
        value is null || value.Length <= longest ? value
        : char.IsHighSurrogate(value[longest - 2]) ? value[..(longest - 2)] + "…"
        : value[..(longest - 1)] + "…";

    private static bool IsPlain(string value) => value.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0;
}
