using Attune.Db;

namespace Attune.Modules.Enforcements.Ledger;

/// <summary>Where to read a list of what belongs to one row: where that row is, and everywhere when nothing is found there.</summary>
internal static class Hints
{
    /// <summary>The part of a hint that a list asks for; null when the hint says nothing, or nothing that the list asks for.</summary>
    public static TimeRange? Within(TimeRange hint, DateTimeOffset? since, DateTimeOffset? until)
    {
        var from = since > hint.Since ? since.Value : hint.Since;
        var to = until < hint.Until ? until.Value : hint.Until;
        return hint == TimeRange.Always || from >= to ? null : new(from, to);
    }
}
