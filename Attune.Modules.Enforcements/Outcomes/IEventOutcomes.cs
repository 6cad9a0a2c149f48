using Attune.Db;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements;

/// <summary>What became of events: the rules that matched them, and how those ended.</summary>
public interface IEventOutcomes
{
    /// <summary>Events newest first, each with the rules that matched it.</summary>
    /// <exception cref="RefusedException">
    /// Too many events would have to be read to find as many as a page has: the list has to be narrowed.
    /// </exception>
    Task<Page<MatchedEvent>> ListAsync(OutcomeFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>The same of a page of events that was read otherwise, in their order.</summary>
    Task<IReadOnlyList<MatchedEvent>> OfEventsAsync(IReadOnlyList<EventSummary> events, CancellationToken cancellationToken);

    /// <summary>Those of a page of events that was read otherwise for which a filter's rule and result hold, in their order.</summary>
    /// <exception cref="RefusedException">It cannot be told in time.</exception>
    Task<IReadOnlyList<EventSummary>> HoldingAsync(
        OutcomeFilter filter, IReadOnlyList<EventSummary> events, CancellationToken cancellationToken);

    /// <summary>What became of a page of enforcements, in their order.</summary>
    Task<IReadOnlyList<RuleOutcome>> OfEnforcementsAsync(
        IReadOnlyList<EnforcementSummary> enforcements, CancellationToken cancellationToken);
}
