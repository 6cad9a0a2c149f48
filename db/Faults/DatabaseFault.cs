using System.Net.Sockets;
using Npgsql;

namespace Attune.Db.Faults;

/// <summary>What kind of failure of the database an error is. Everybody who tries again, gives up or explains asks here.</summary>
public enum FaultKind
{
    /// <summary>The server cannot be reached, is stopping or starting, or lacks connections or space.</summary>
    Unreachable,

    /// <summary>The server takes no changes: a standby, or after a fail-over.</summary>
    ReadOnly,

    /// <summary>Two transactions stood in each other's way, and this one was undone: deadlock or serialization failure.</summary>
    Conflict,

    /// <summary>No answer came in time; the same statement may take as long again.</summary>
    TimedOut,

    /// <summary>A row with this key is there already.</summary>
    Duplicate,

    /// <summary>A value is not one that the database takes, or is past a limit of its.</summary>
    Unfit,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>Tells failures of the database apart.</summary>
public static class DatabaseFault
{
    /// <summary>True when the same statement may well succeed later, whatever it was.</summary>
    public static bool IsPassing(Exception error) => KindOf(error) is FaultKind.Unreachable or FaultKind.ReadOnly or FaultKind.Conflict;

    // 08: connection; 53: no connections or space left; 57: an operator's doing, such as a stop; 58: a failing disk; 22: data;
    // 23: constraints; 54: limits of the server's.
    public static FaultKind KindOf(Exception error) => error switch
    {
        PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction } => FaultKind.ReadOnly,
        PostgresException { SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected } =>
            FaultKind.Conflict,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ExclusionViolation } => FaultKind.Duplicate,
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => FaultKind.TimedOut,
        PostgresException { SqlState: ['0', '8', ..] or ['5', '3' or '7' or '8', ..] } => FaultKind.Unreachable,
        PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] } => FaultKind.Unfit,
        PostgresException { IsTransient: true } => FaultKind.Unreachable,
        PostgresException => FaultKind.Other,
        NpgsqlException { InnerException: TimeoutException } or TimeoutException => FaultKind.TimedOut,
        NpgsqlException or IOException or SocketException => FaultKind.Unreachable,
        _ => FaultKind.Other,
    };
}
