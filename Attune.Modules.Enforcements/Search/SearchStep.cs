using System.Text.Json.Serialization;
using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>What to find, and among which rows.</summary>
/// <typeparam name="TFilter">What the list is filtered by.</typeparam>
public sealed record SearchRequest<TFilter>
{
    /// <summary>The most rows that one search finds.</summary>
    public const int MostFirst = 1_000;

    /// <summary>Conditions in their text form: <c>repository.full_name == "acme/api" and total &gt; 500</c>.</summary>
    public required string Query { get; init; }

    /// <summary>What the list is filtered by besides; its time bounds the search.</summary>
    public required TFilter Filter { get; init; }

    /// <summary>Where an earlier search ended; null to begin with the newest row.</summary>
    public Cursor? After { get; init; }

    /// <summary>How many rows to find, 1 to <see cref="MostFirst"/>.</summary>
    public int First { get; init; } = 50;
}

/// <summary>What a search has come to since its last step.</summary>
/// <typeparam name="TRow">A row as lists show it.</typeparam>
public sealed record SearchStep<TRow>
{
    /// <summary>Rows found since the last step, newest first.</summary>
    public IReadOnlyList<TRow> Hits { get; init; } = [];

    public required SearchProgress Progress { get; init; }

    /// <summary>How it ended; only the last step has it.</summary>
    public SearchEnd? End { get; init; }
}

/// <summary>How far a search has come.</summary>
public sealed record SearchProgress
{
    /// <summary>Rows created after this instant have been looked at; null at the beginning.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The last row that was looked at: whoever stops the search goes on from there.</summary>
    [JsonIgnore]
    public Cursor? Place { get; init; }

    /// <summary>Rows looked at.</summary>
    public required long Rows { get; init; }

    /// <summary>About how many rows there are to look at; null where that is not known without counting.</summary>
    public long? About { get; init; }

    /// <summary>Rows found.</summary>
    public required long Hits { get; init; }

    /// <summary>Bytes of JSON read.</summary>
    public required long Bytes { get; init; }

    /// <summary>Rows that were too dear to be asked about; they are not found.</summary>
    public required long Failures { get; init; }

    /// <summary>True while other searches have to end first.</summary>
    public bool Waiting { get; init; }
}

/// <summary>How a search ended.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Next">Where another one goes on; null where there is nothing left.</param>
public sealed record SearchEnd(SearchEndReason Reason, Cursor? Next);

/// <summary>Why a search ended.</summary>
public enum SearchEndReason
{
    /// <summary>Every row has been looked at.</summary>
    Complete,

    /// <summary>As many rows were found as were asked for.</summary>
    Enough,

    /// <summary>It has worked as long as one search may.</summary>
    Bound,
}
