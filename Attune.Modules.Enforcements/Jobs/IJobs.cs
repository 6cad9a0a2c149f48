using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>
/// Sends many events again, or runs many executions again. A job is a draft that says how much there is, until it is confirmed; from then
/// on
/// it works on a set that no longer changes, and any number of hosts do that side by side. Jobs are kept for 30 days after they have ended.
/// </summary>
public interface IJobs
{
    /// <summary>Makes a draft, and counts.</summary>
    /// <exception cref="RefusedException">It says what a job of its kind does not have, or there is too much.</exception>
    Task<Job> CreateAsync(NewJob job, CancellationToken cancellationToken);

    /// <summary>The job of an id; null when there is none, or it was pruned.</summary>
    Task<Job?> FindAsync(long id, CancellationToken cancellationToken);

    /// <summary>Jobs, newest first.</summary>
    Task<Page<Job>> ListAsync(PageRequest page, CancellationToken cancellationToken);

    /// <summary>What a job works on, in its order, with what became of each; null when there is no such job.</summary>
    /// <param name="id">The job.</param>
    /// <param name="outcomes">Those of any of these; empty for all, those included of which nothing became yet.</param>
    /// <param name="page">Which part.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    Task<Page<JobItemSummary>?> ListItemsAsync(
        long id, IReadOnlyList<JobOutcome> outcomes, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Writes down what the draft works on, and lets it begin. Confirming twice is as good as once.</summary>
    /// <param name="id">The job.</param>
    /// <param name="count">How many items there have to be; null for however many there are.</param>
    /// <param name="cancellationToken">Ends it; it stays a draft.</param>
    /// <returns>Null when there is no such job.</returns>
    /// <exception cref="RefusedException">There are not as many as <paramref name="count"/>, or too many, or it was aborted.</exception>
    Task<Job?> ConfirmAsync(long id, long? count, CancellationToken cancellationToken);

    /// <summary>Lets it do no more; what a host has begun it finishes. Stopping twice is as good as once.</summary>
    /// <returns>Null when there is no such job.</returns>
    /// <exception cref="RefusedException">It has ended, or is still a draft.</exception>
    Task<Job?> StopAsync(long id, CancellationToken cancellationToken);

    /// <summary>Lets a job that was stopped go on where it was.</summary>
    /// <returns>Null when there is no such job.</returns>
    /// <exception cref="RefusedException">It has ended, or is still a draft.</exception>
    Task<Job?> ResumeAsync(long id, CancellationToken cancellationToken);

    /// <summary>
    /// Ends a job for good, a draft included: no host takes anything of it any more. What was done stays, and what a host has begun it
    /// finishes within moments. Aborting twice is as good as once.
    /// </summary>
    /// <returns>Null when there is no such job.</returns>
    /// <exception cref="RefusedException">It is completed.</exception>
    Task<Job?> AbortAsync(long id, CancellationToken cancellationToken);
}
