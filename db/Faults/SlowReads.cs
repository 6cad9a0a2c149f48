using Npgsql;

namespace Attune.Db.Faults;

/// <summary>Lets a read that takes too long end with an answer that says so, and not as a database that is away.</summary>
public static class SlowReads
{
    /// <summary>What a read gives within the timeout of its command.</summary>
    /// <param name="reading">The read, which has begun.</param>
    /// <param name="field">The place in the input by which less would be read; null where there is none.</param>
    /// <param name="message">What took too long and what to ask for instead, for a person to read.</param>
    /// <exception cref="RefusedException">The time has run out.</exception>
    public static async Task<T> OrRefuseAsync<T>(this Task<T> reading, string? field, string message)
    {
        try
        {
            return await reading;
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            throw new RefusedException(RefusalKind.Invalid, field, message);
        }
    }
}
