using System.Collections.Frozen;
using System.Text.RegularExpressions;
using NodaTime.TimeZones;

namespace Attune.Modules.Events.Timers;

/// <summary>The names of time zones: those of the database of zones in any case, and those of Windows.</summary>
internal static partial class ZoneNames
{
    private const int MostSuggested = 3;

    private static readonly FrozenDictionary<string, string> Known = Names();

    /// <returns>The name in the database of zones; null when there is none.</returns>
    public static string? Find(string name) => Known.GetValueOrDefault(name);

    /// <summary>True when a name that only the machine may know can be asked for: not a path, nor what differs between machines.</summary>
    public static bool MayBeAsked(string name) => Spelling.IsMatch(name);

    /// <summary>Names that may have been meant, nearest first.</summary>
    public static IReadOnlyList<string> Near(string name)
    {
        var wanted = name.Trim().Replace(' ', '_');
        return wanted.Length is 0 or > 60 ? [] :
        [
            .. Known.Keys.Where(known => !known.Contains(' ', StringComparison.Ordinal))
                .Select(known => (Name: known, Distance: Distance(wanted, known)))
                .Where(one => one.Distance <= wanted.Length / 4)
                .OrderBy(one => one.Distance).ThenBy(one => one.Name.StartsWith("Etc/", StringComparison.Ordinal))
                .ThenBy(one => one.Name, StringComparer.Ordinal)
                .Take(MostSuggested)
                .Select(one => one.Name),
        ];
    }

    private static FrozenDictionary<string, string> Names()
    {
        var source = TzdbDateTimeZoneSource.Default;
        var names = new Dictionary<string, string>(source.WindowsToTzdbIds, StringComparer.OrdinalIgnoreCase);
        foreach (var id in source.GetIds())
        {
            names[id] = id;
        }

        return names.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    // A city alone is as good as its name with the continent. Abbreviations that differ in a letter are other zones: PST is not EST,
    // but begins PST8PDT.
    private static int Distance(string wanted, string known) =>
        wanted.Length == 3 && known.Length == 7 && known.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) ? 0
        : Math.Min(Edits(wanted, known), Edits(wanted, known[(known.LastIndexOf('/') + 1)..]));

    private static int Edits(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var isSame = char.ToUpperInvariant(one[i - 1]) == char.ToUpperInvariant(other[j - 1]);
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (isSame ? 0 : 1)));
            }
        }

        return row[^1];
    }

    [GeneratedRegex(@"^(?!(localtime|posixrules)\z)[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*\z",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex Spelling { get; }
}
