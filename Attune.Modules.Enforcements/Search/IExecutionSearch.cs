using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>
/// Finds executions by what they were given and what came of them, in the language of rules. Paths begin with <c>result</c>, with
/// <c>config</c> or <c>parameters</c>, which are the same, or are one of <c>action_ref</c>, <c>rule_ref</c>, <c>trigger_ref</c>,
/// <c>status</c>, <c>retry_count</c>, <c>created</c>, <c>started_at</c> and <c>updated</c>.
/// </summary>
public interface IExecutionSearch
{
    /// <summary>Looks through the executions of a list, as <see cref="IEventSearch.RunAsync"/> does through events.</summary>
    /// <param name="request">What to find, and among which executions.</param>
    /// <param name="cancellationToken">Ends it; so does leaving the enumeration.</param>
    /// <exception cref="RefusedException">
    /// Before anything is answered: the text is no condition (<see cref="RefusedException.At"/> says where), or the range is none.
    /// </exception>
    IAsyncEnumerable<SearchStep<ExecutionSummary>> RunAsync(SearchRequest<ExecutionFilter> request, CancellationToken cancellationToken);

    /// <summary>Does nothing but refuse a text that is no condition.</summary>
    /// <exception cref="RefusedException">It is none; <see cref="RefusedException.At"/> says where.</exception>
    void Check(string query);
}
