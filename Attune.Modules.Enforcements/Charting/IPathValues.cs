using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>What the newest events of a list have at a path of their payload, to be drawn.</summary>
public interface IPathValues
{
    /// <summary>The newest events that are looked at, at most.</summary>
    public const int MostEvents = 1_000;

    /// <summary>Larger payloads are left out, in bytes as they are stored.</summary>
    public const int LargestPayload = 64 * 1024;

    /// <summary>
    /// Looks at the newest events of a list, 16 MB of payloads at most, and says how far it has come.
    /// </summary>
    /// <exception cref="RefusedException">
    /// The path or the query is none, or too few events pass the filter to be found in time.
    /// </exception>
    Task<PathValues> ReadAsync(PathValuesRequest request, CancellationToken cancellationToken);
}

/// <summary>Which values to read.</summary>
public sealed record PathValuesRequest
{
    /// <summary>A path into the payload as conditions have it: <c>total</c>, <c>alerts[*].status</c>.</summary>
    public required string Path { get; init; }

    public OutcomeFilter Filter { get; init; } = new();

    /// <summary>Conditions that the events meet, in their text form; null for none.</summary>
    public string? Query { get; init; }
}

/// <summary>The values at a path.</summary>
public sealed record PathValues
{
    /// <summary>The most values of <see cref="Top"/>.</summary>
    public const int MostTop = 20;

    public required string Path { get; init; }

    /// <summary>How many events were looked at.</summary>
    public required int Events { get; init; }

    /// <summary>How many of them have something there.</summary>
    public required int Found { get; init; }

    /// <summary>How many of them were left out, because their payload is too large.</summary>
    public required int TooLarge { get; init; }

    /// <summary>When the oldest event came that was looked at; null where there is none.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Whether these are all events of the list.</summary>
    public required bool Complete { get; init; }

    /// <summary>Of the numbers there; null where there are none.</summary>
    public NumberSummary? Numbers { get; init; }

    /// <summary>The numbers, the newest first, at most <see cref="IPathValues.MostEvents"/>.</summary>
    public required IReadOnlyList<PathPoint> Points { get; init; }

    /// <summary>The most frequent simple values that are written in at most 200 characters.</summary>
    public required IReadOnlyList<PathValueCount> Top { get; init; }

    /// <summary>How many simple values are none of those.</summary>
    public required int Others { get; init; }

    /// <summary>How many lists and objects are there.</summary>
    public required int Structures { get; init; }
}

/// <summary>Some numbers in short.</summary>
/// <param name="Count">How many.</param>
/// <param name="Least">The least of them.</param>
/// <param name="Mean">Their mean.</param>
/// <param name="Most">The greatest of them.</param>
public sealed record NumberSummary(int Count, double Least, double Mean, double Most);

/// <summary>A number of an event.</summary>
/// <param name="Event">The event's id.</param>
/// <param name="Created">When it came.</param>
/// <param name="Value">The number.</param>
public sealed record PathPoint(long Event, DateTimeOffset Created, double Value);

/// <summary>How often a value is there.</summary>
/// <param name="Value">The value.</param>
/// <param name="Count">How often.</param>
public sealed record PathValueCount(JsonElement Value, int Count);
