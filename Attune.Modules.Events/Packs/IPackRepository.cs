using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>The packs, and what is in them. Values of a config that may be secrets are masked in what is read.</summary>
public interface IPackRepository
{
    /// <summary>What stands for a value that is not shown; sent back, it leaves the value as it is.</summary>
    public const string Masked = "••••••••";

    /// <summary>All packs, by reference, with how much is in each.</summary>
    Task<IReadOnlyList<PackSummary>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The pack of a reference; null when there is none.</summary>
    Task<PackDetail?> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Makes a pack.</summary>
    /// <exception cref="RefusedException">There is one of that reference, or a value cannot be accepted.</exception>
    Task<PackDetail> CreateAsync(Pack pack, CancellationToken cancellationToken);

    /// <summary>Changes a pack; null when there is none.</summary>
    /// <param name="reference">Which.</param>
    /// <param name="change">Says what it becomes, from what it is when it is changed; asked anew where another change was in the way.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="RefusedException">A value cannot be accepted.</exception>
    Task<PackDetail?> UpdateAsync(string reference, Func<Pack, Pack> change, CancellationToken cancellationToken);

    /// <summary>Deletes a pack that nothing is in.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="RefusedException">Something is in it.</exception>
    Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken);
}

/// <summary>Answers what of a module is in packs.</summary>
public interface IPackMembers
{
    /// <summary>What is in a pack, by reference; in all packs where none is given.</summary>
    Task<IReadOnlyList<PackMember>> ListAsync(string? packRef, CancellationToken cancellationToken);
}

/// <summary>Something in a pack.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Ref">Its reference.</param>
/// <param name="Label">What people call it.</param>
/// <param name="PackRef">The pack.</param>
public sealed record PackMember(CatalogueKind Kind, long Id, string Ref, string Label, string PackRef)
{
    /// <summary>Whether files have said it.</summary>
    public bool IsFromFiles { get; init; }
}

/// <summary>A pack as a list shows it.</summary>
public sealed record PackSummary
{
    public required string Ref { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }
    public required string Version { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
    public int Triggers { get; init; }
    public int Rules { get; init; }
    public int Actions { get; init; }

    /// <summary>How many of these files have said.</summary>
    public int FromFiles { get; init; }
}

/// <summary>A pack with what is in it.</summary>
/// <param name="Pack">The pack; its config is masked.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Updated">When it was changed last.</param>
/// <param name="Members">What is in it, by kind and reference.</param>
public sealed record PackDetail(Pack Pack, DateTimeOffset Created, DateTimeOffset Updated, IReadOnlyList<PackMember> Members);
