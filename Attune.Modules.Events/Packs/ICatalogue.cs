using Npgsql;

namespace Attune.Modules.Events;

/// <summary>
/// The way in which everything is changed that decides whether a rule fires: packs, triggers, rules and actions. Other modules keep
/// tables of the catalogue too; they change them through this, and leave writing <c>pack</c> to it.
/// </summary>
public interface ICatalogue
{
    /// <summary>
    /// Runs a change in a transaction, and commits it. All changes take their locks in one order: the rule epoch first, which each of
    /// them counts on in the end. A change that was undone for standing in another's way is run again.
    /// </summary>
    /// <param name="change">Is given the connection within the transaction. It may be run several times, and must not commit.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed.</param>
    Task<T> ChangeAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken);

    /// <summary>Makes a pack if it is not there yet, with its reference for a label.</summary>
    /// <param name="connection">A connection within <see cref="ChangeAsync"/>.</param>
    /// <param name="reference">The pack's reference, checked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task EnsurePackAsync(NpgsqlConnection connection, string reference, CancellationToken cancellationToken);
}
