using Attune.Db;

namespace Attune.Modules.History;

/// <summary>Says how long the rows of the ledger are kept, as it is set for each table.</summary>
public interface IRetention
{
    /// <summary>How long the rows of a table are kept, as it was within the last minute.</summary>
    Task<KeptRows> ReadAsync(IdTable table, CancellationToken cancellationToken);
}

/// <summary>Which rows of a table are kept.</summary>
public sealed record KeptRows
{
    /// <summary>How long. Chunks are dropped whole, so a row may be there a chunk's time longer.</summary>
    public required TimeSpan Keep { get; init; }

    /// <summary>
    /// The lowest id that is kept for certain; null where nothing has expired yet, or nothing is known of ids. A row may come late, so it
    /// is a hint.
    /// </summary>
    public long? LowestId { get; init; }

    /// <summary>Whether a row of this id, which is not there, has expired.</summary>
    public bool HasExpired(long id) => id > 0 && id < LowestId;

    /// <summary>Whether rows of before an instant have all expired.</summary>
    public bool HasExpired(DateTimeOffset until, DateTimeOffset now) => until <= now - Keep;
}
