using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Attune.Host.Verbs;

/// <summary>Makes options whose values are refused in words for a person, not in those of a parser.</summary>
internal static class VerbOptions
{
    public static Option<bool> Switch(string name, string description) =>
        new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<string?> Text(string name, string value, string description) =>
        new(name) { Description = description, HelpName = value };

    /// <summary>A whole number of at least <paramref name="least"/>.</summary>
    public static Option<long?> Number(string name, long least, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = given => long.TryParse(Text(given), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least
            ? number
            : Refuse<long>(given, $"{name} must be a whole number of at least {least}, not '{Text(given)}'."),
    };

    /// <summary>An instant; in UTC where no offset is given.</summary>
    public static Option<DateTimeOffset?> Instant(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = given => DateTimeOffset.TryParse(
            Text(given), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
            ? instant
            : Refuse<DateTimeOffset>(
                given, $"{name} must be a date, with a time or without, such as 2026-01-31T12:00:00Z; not '{Text(given)}'."),
    };

    private static string Text(ArgumentResult given) => given.Tokens.Single().Value;

    private static T? Refuse<T>(ArgumentResult given, string mistake)
        where T : struct
    {
        given.AddError(mistake);
        return null;
    }
}
