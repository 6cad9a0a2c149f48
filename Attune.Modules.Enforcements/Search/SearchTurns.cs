using Attune.Db;

namespace Attune.Modules.Enforcements.Search;

/// <summary>The turns of a host's searches, of events and of executions.</summary>
internal sealed class SearchTurns
{
    private readonly Turns _turns = new();

    /// <summary>Whether whoever comes now has to wait.</summary>
    public bool AreTaken => _turns.AreTaken;

    /// <summary>Waits for a turn, does a part of a search, and gives the turn back.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> part, CancellationToken cancellationToken) => _turns.RunAsync(part, cancellationToken);
}
