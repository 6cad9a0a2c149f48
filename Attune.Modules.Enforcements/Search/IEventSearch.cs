using Attune.Db;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements;

/// <summary>
/// Finds stored events by what they say, in the language of rules: what a search finds, a rule of the same text would match. Nothing is
/// written, and what is held in memory does not grow with the events.
/// </summary>
public interface IEventSearch
{
    /// <summary>Looks through the events of a list, newest first, a part of a chunk of the table at a time.</summary>
    /// <param name="request">What to find, and among which events.</param>
    /// <param name="cancellationToken">Ends it; so does leaving the enumeration.</param>
    /// <returns>
    /// What was found as it is found, and how far it has come, several times a second; the last one, and no other, has the end. While two
    /// other searches run on this host, the first ones say that it waits.
    /// </returns>
    /// <exception cref="RefusedException">
    /// Before anything is answered: the text is no condition (<see cref="RefusedException.At"/> says where), or the range is none.
    /// </exception>
    IAsyncEnumerable<SearchStep<EventSummary>> RunAsync(SearchRequest<EventFilter> request, CancellationToken cancellationToken);

    /// <summary>Does nothing but refuse a text that is no condition.</summary>
    /// <exception cref="RefusedException">It is none; <see cref="RefusedException.At"/> says where.</exception>
    void Check(string query);
}
