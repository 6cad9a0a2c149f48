using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Reads enforcements. Appends write them, and the resolver alone resolves them.</summary>
public interface IEnforcementRepository
{
    /// <summary>The enforcement of an id; null when there is none, or retention has dropped it.</summary>
    Task<Enforcement?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Whether there is an enforcement of an id; what it holds is not read.</summary>
    Task<bool> ExistsAsync(long id, CancellationToken cancellationToken);

    /// <summary>Enforcements newest first.</summary>
    Task<Page<EnforcementSummary>> ListAsync(EnforcementFilter filter, PageRequest page, CancellationToken cancellationToken);
}
