using Attune.Db;
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
    /// them counts on in the end. A change that was undone for standing in another's way is run again. One that is asked for within
    /// another, by whatever it calls, becomes a part of that: it is committed with it, and when it throws, it alone is undone.
    /// </summary>
    /// <param name="change">Is given the connection within the transaction. It may be run several times, and must not commit.</param>
    /// <param name="cancellationToken">Ends it; nothing is changed.</param>
    Task<T> ChangeAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken);

    /// <summary>Makes a pack if it is not there yet, with its reference for a label.</summary>
    /// <param name="connection">A connection within <see cref="ChangeAsync"/>.</param>
    /// <param name="reference">The pack's reference, checked.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task EnsurePackAsync(NpgsqlConnection connection, string reference, CancellationToken cancellationToken);

    /// <summary>All packs, by reference.</summary>
    Task<IReadOnlyList<Pack>> ListPacksAsync(CancellationToken cancellationToken);

    /// <summary>Makes a pack what is said, whole; one that is so already is left alone.</summary>
    /// <exception cref="RefusedException">A value is not acceptable.</exception>
    Task<Applied<Pack>> ApplyPackAsync(Pack pack, CancellationToken cancellationToken);

    /// <summary>Notes that files say a thing, so that it may be deleted when they no longer do.</summary>
    Task MarkAppliedAsync(CatalogueKind kind, long id, CancellationToken cancellationToken);

    /// <summary>The ids of the things of a kind that files have said.</summary>
    Task<IReadOnlySet<long>> AppliedAsync(CatalogueKind kind, CancellationToken cancellationToken);
}
