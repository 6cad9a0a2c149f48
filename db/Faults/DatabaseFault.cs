using Npgsql;

namespace Attune.Db.Faults;

/// <summary>Tells a database that is away for the moment from one that refuses a certain row.</summary>
public static class DatabaseFault
{
    /// <summary>True when the same statement may well succeed later, whatever it was.</summary>
    public static bool IsPassing(Exception error) => error switch
    {
        // 57: the server is being stopped, or somebody ended the session. 58: its disk fails. 25006: it takes no changes for now.
        PostgresException refused => refused.IsTransient || refused.SqlState is ['5', '7' or '8', ..] or PostgresErrorCodes.ReadOnlySqlTransaction,
        NpgsqlException npgsql => npgsql.InnerException is not TimeoutException,
        _ => error is IOException,
    };
}
