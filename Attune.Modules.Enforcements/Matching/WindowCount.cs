using System.Globalization;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>The matches that one window counts for one value of what it counts apart.</summary>
internal sealed class WindowCount(RuleWindow window)
{
    /// <summary>The instants of those that count, at most as many as the window asks for.</summary>
    public List<DateTimeOffset> Times { get; } = [];

    public long HeldBack { get; private set; }

    /// <summary>The instants as an array of the database.</summary>
    public string TimesText =>
        $"{{{string.Join(',', Times.Select(time => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff'+00'", CultureInfo.InvariantCulture)))}}}";

    /// <summary>From when on nothing of what counts now counts any more.</summary>
    public DateTimeOffset Ends(DateTimeOffset created) => created + window.Duration;

    /// <summary>Counts a match, and says whether it passes.</summary>
    // Another transaction may have begun later and been here first: what it counted is later than this match, and counts for it.
    public bool Passes(DateTimeOffset created)
    {
        Times.RemoveAll(time => time <= created - window.Duration);
        var passes = window.Kind == WindowKind.AtMost ? Times.Count < window.Count : Times.Count + 1 >= window.Count;
        if (passes || window.Kind == WindowKind.AtLeast)
        {
            Times.Add(created);
            if (Times.Count > window.Count)
            {
                Times.Remove(Times.Min());
            }
        }

        HeldBack += passes ? 0 : 1;
        return passes;
    }
}
