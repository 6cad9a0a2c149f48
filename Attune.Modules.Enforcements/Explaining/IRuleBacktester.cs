using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>
/// Tries a rule, one of its versions or a draft on stored events: what would it have matched? Nothing is written, and what is
/// held in memory does not grow with the events.
/// </summary>
public interface IRuleBacktester
{
    /// <summary>Reads the events of the range, oldest first, one chunk of the table after another.</summary>
    /// <param name="request">What to try, and on which events.</param>
    /// <param name="cancellationToken">Ends it; so does leaving the enumeration.</param>
    /// <returns>How far it has come, several times a second; the last one, and no other, has the report.</returns>
    /// <exception cref="RefusedException">
    /// Before anything is answered: there is no such rule or version, the draft is no rule, or the range is none.
    /// </exception>
    IAsyncEnumerable<BacktestProgress> RunAsync(BacktestRequest request, CancellationToken cancellationToken);
}
