namespace Attune.Db;

/// <summary>What keeps the time tables: chosen when a database is first migrated, and then fixed for it.</summary>
public enum DatabaseEngine
{
    /// <summary>Take timescale when the server offers the extension, native otherwise.</summary>
    Auto,

    /// <summary>Stock PostgreSQL 15 or newer: declarative range partitions.</summary>
    Native,

    /// <summary>PostgreSQL with TimescaleDB 2.17 or newer: hypertables.</summary>
    Timescale,
}
