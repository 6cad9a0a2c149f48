namespace Attune.Modules.History;

/// <summary>Says what the ledger takes on disk, and how long it is kept.</summary>
public interface IStorageReports
{
    /// <summary>The state of the tables that are kept by time, as it was within the last minute. Sizes come from the catalogue.</summary>
    Task<StorageReport> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What the ledger takes on disk.</summary>
public sealed record StorageReport
{
    /// <summary>When it was read.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary><c>native</c> or <c>timescale</c>.</summary>
    public required string Engine { get; init; }

    /// <summary>The version of PostgreSQL.</summary>
    public required string Server { get; init; }

    /// <summary>The version of TimescaleDB; null without it.</summary>
    public string? Extension { get; init; }

    /// <summary>Bytes of the whole database.</summary>
    public required long DatabaseBytes { get; init; }

    /// <summary>Up to when the hourly counts are kept; null where the engine counts.</summary>
    public DateTimeOffset? CountedUntil { get; init; }

    public required IReadOnlyList<StorageTable> Tables { get; init; }

    /// <summary>The background jobs of the engine; stock PostgreSQL has none.</summary>
    public required IReadOnlyList<StorageJob> Jobs { get; init; }
}

/// <summary>A table that is kept by time.</summary>
public sealed record StorageTable
{
    public required string Name { get; init; }

    /// <summary>How much time one part holds.</summary>
    public required TimeSpan Width { get; init; }

    /// <summary>How long rows are kept.</summary>
    public required TimeSpan Keep { get; init; }

    /// <summary>When a part is compressed, where the engine can.</summary>
    public required TimeSpan CompressAfter { get; init; }

    /// <summary>Bytes of all parts.</summary>
    public required long Bytes { get; init; }

    /// <summary>What compression has made of the compressed parts; null where none is compressed.</summary>
    public StorageCompression? Compression { get; init; }

    /// <summary>When the oldest part is dropped; null while there is none.</summary>
    public DateTimeOffset? NextDrop { get; init; }

    /// <summary>The parts, oldest first.</summary>
    public required IReadOnlyList<StoragePart> Parts { get; init; }
}

/// <summary>A partition or a chunk.</summary>
/// <param name="Name">What the database calls it.</param>
/// <param name="Since">Where its time begins.</param>
/// <param name="Until">Where its time ends.</param>
/// <param name="Bytes">Its bytes, indexes included.</param>
/// <param name="IsCompressed">Whether it is compressed.</param>
/// <param name="Compression">What compression has made of it; null for one that is not compressed, or where the engine does not know.</param>
public sealed record StoragePart(
    string Name, DateTimeOffset Since, DateTimeOffset Until, long Bytes, bool IsCompressed, StorageCompression? Compression);

/// <summary>
/// What compression has made of something, as the engine noted it at the time: what was written to it since is in neither number.
/// </summary>
/// <param name="BytesBefore">Its bytes before, indexes included.</param>
/// <param name="BytesAfter">Its bytes afterwards.</param>
public sealed record StorageCompression(long BytesBefore, long BytesAfter)
{
    /// <summary>How many times smaller it is now.</summary>
    public double? Ratio => BytesAfter > 0 ? Math.Round((double)BytesBefore / BytesAfter, 1) : null;
}

/// <summary>A background job of the engine, and how it ended last.</summary>
/// <param name="Name">What it does.</param>
/// <param name="Table">To which table; null for the server.</param>
/// <param name="LastRun">When it ran last; null for never.</param>
/// <param name="LastStatus">How that ended.</param>
/// <param name="NextRun">When it runs next.</param>
/// <param name="Failures">How often it has failed.</param>
public sealed record StorageJob(
    string Name, string? Table, DateTimeOffset? LastRun, string? LastStatus, DateTimeOffset? NextRun, long Failures);
