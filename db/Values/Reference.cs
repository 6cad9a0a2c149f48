using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Attune.Db.Values;

/// <summary>
/// What triggers, rules and actions are called: <c>pack.name</c>, lower case, one dot, at most <see cref="MaxBytes"/> bytes. It
/// stands in addresses, logs and tables of people to read, so it has no slash, no space and no character that cannot be seen.
/// </summary>
public static partial class Reference
{
    /// <summary>The longest reference, in bytes of UTF-8.</summary>
    public const int MaxBytes = 120;

    // Letters and marks by their category, and still nothing on a screen: fillers and variation selectors.
    private static readonly (int First, int Last)[] Blank =
    [
        (0x034F, 0x034F), (0x115F, 0x1160), (0x17B4, 0x17B5), (0x180B, 0x180F), (0x2800, 0x2800), (0x3164, 0x3164), (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0), (0xE0100, 0xE01EF),
    ];

    /// <summary>Passes for a reference.</summary>
    /// <param name="reference">The text that came; null where none did.</param>
    /// <param name="field">What it is called in the input.</param>
    /// <exception cref="RefusedException">It is none.</exception>
    public static void Check(string? reference, string field)
    {
        if (string.IsNullOrEmpty(reference) || !Shape.IsMatch(reference) || !StorableText.IsStorable(reference)
            || !reference.EnumerateRunes().All(IsPlain) || Encoding.UTF8.GetByteCount(reference) > MaxBytes)
        {
            throw RefusedException.Invalid(
                field,
                $"{field} must be pack.name: lower case, one dot, no spaces, slashes or invisible characters, at most {MaxBytes} bytes.");
        }
    }

    /// <summary>The pack that is named, or else the part of the reference before the dot.</summary>
    /// <param name="reference">A reference that was checked.</param>
    /// <param name="packRef">The pack's name as it came; null where none did.</param>
    /// <exception cref="RefusedException">It is no name of a pack.</exception>
    public static string PackOf(string reference, string? packRef)
    {
        var pack = packRef ?? reference[..reference.IndexOf('.', StringComparison.Ordinal)];
        return Pack.IsMatch(pack) && pack.Length <= MaxBytes ? pack : throw RefusedException.Invalid(
            packRef is null ? "ref" : "pack_ref",
            $"'{StorableText.Excerpt(pack)}' is no pack: a pack begins with a letter a-z, and goes on with letters a-z, digits, _ and -.");
    }

    /// <summary>Passes for the name of a pack.</summary>
    /// <param name="pack">The text that came; null where none did.</param>
    /// <param name="field">What it is called in the input.</param>
    /// <exception cref="RefusedException">It is none.</exception>
    public static void CheckPack(string? pack, string field)
    {
        if (pack is null || !Pack.IsMatch(pack) || pack.Length > MaxBytes)
        {
            throw RefusedException.Invalid(
                field, $"{field} must be the name of a pack: a letter a-z, and then letters a-z, digits, _ and -, at most {MaxBytes}.");
        }
    }

    /// <summary>A reference as a message repeats it: what came may be anything.</summary>
    public static string Shown(string reference) => reference.Length > MaxBytes ? reference[..MaxBytes] + "…" : reference;

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
            UnicodeCategory.UppercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.SpaceSeparator
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && !Array.Exists(Blank, range => range.First <= rune.Value && rune.Value <= range.Last);

    [GeneratedRegex(@"^[^.\s/\\]+\.[^.\s/\\]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape { get; }

    // As the pack table has it.
    [GeneratedRegex(@"^[a-z][a-z0-9_-]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pack { get; }
}
