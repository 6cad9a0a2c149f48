using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>
/// What actions say while they run (<c>ActionContext.Say</c>). A line is there about a second after it was said, and is dropped with
/// its execution.
/// </summary>
public interface IExecutionLog
{
    /// <summary>The most lines of an execution; those that come after are not kept.</summary>
    const int Most = 300;

    /// <summary>The longest line, in characters; what is longer is cut.</summary>
    const int LongestLine = 2_000;

    /// <summary>The lines of an execution, in order; null when there is no such execution.</summary>
    /// <param name="id">The execution.</param>
    /// <param name="after">The number of the last line that is known; 0 for all.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RefusedException"><paramref name="after"/> is less than 0.</exception>
    Task<IReadOnlyList<ExecutionLine>?> ReadAsync(long id, int after, CancellationToken cancellationToken);
}
