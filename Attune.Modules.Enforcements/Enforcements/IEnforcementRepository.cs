using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Reads enforcements. The only change there is, is their resolution.</summary>
public interface IEnforcementRepository
{
    /// <summary>The enforcement of an id; null when there is none, or retention has dropped it.</summary>
    Task<Enforcement?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Enforcements newest first.</summary>
    Task<Page<EnforcementSummary>> ListAsync(EnforcementFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Writes an enforcement, pending. The event it names need not exist.</summary>
    /// <exception cref="RefusedException">The same rule already has an enforcement for that event.</exception>
    Task<Enforcement> CreateAsync(NewEnforcement enforcement, CancellationToken cancellationToken);

    /// <summary>
    /// Sets <c>status</c> and <c>resolved_at</c>, together and only while the enforcement is pending; the clock is the database's.
    /// Resolving as processed requests no execution: that is the resolver's work.
    /// </summary>
    /// <returns>The enforcement as it is now: null when there is none, unchanged when it was resolved before.</returns>
    Task<Enforcement?> ResolveAsync(long id, EnforcementStatus status, CancellationToken cancellationToken);

    /// <summary>Deletes an enforcement; false when there was none.</summary>
    Task<bool> DeleteAsync(long id, CancellationToken cancellationToken);
}
