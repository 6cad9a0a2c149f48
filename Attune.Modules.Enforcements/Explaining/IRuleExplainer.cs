using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>Tells why a rule matches a stored event, or why it does not. Nothing is written.</summary>
public interface IRuleExplainer
{
    /// <summary>
    /// Tests every condition of a rule on an event by the engine's own evaluator, and adds what else stood in the rule's way.
    /// </summary>
    /// <param name="id">The event.</param>
    /// <param name="subject">
    /// The rule. Without a version and a draft it is asked as it was when the event came, so that the answer is what happened; a draft that
    /// names no trigger and no rule is taken to be on the event's.
    /// </param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>Null when there is no such event, or retention has dropped it.</returns>
    /// <exception cref="RefusedException">There is no such rule or version, or the draft is no rule; the field names the place.</exception>
    Task<RuleExplanation?> ExplainAsync(long id, RuleSubject subject, CancellationToken cancellationToken);

    /// <summary>
    /// Does the same for every rule that was on the event's trigger when it came, up to <see cref="EventExplanation.MostRules"/>, within the
    /// steps that the engine gives to one event; a rule that comes after those is unknown, and says so.
    /// </summary>
    /// <param name="id">The event.</param>
    /// <param name="most">How many rules to tell of, from 1 to <see cref="EventExplanation.MostRules"/>; all are counted.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Null when there is no such event, or retention has dropped it.</returns>
    /// <exception cref="RefusedException"><paramref name="most"/> is out of its range.</exception>
    Task<EventExplanation?> ExplainRulesAsync(long id, int most, CancellationToken cancellationToken);
}
