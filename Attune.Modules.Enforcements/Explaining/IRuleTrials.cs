namespace Attune.Modules.Enforcements;

/// <summary>
/// Looks at a draft of a rule while somebody writes it: what is wrong with it, how it reads as text, and what it makes of one event.
/// Nothing is written.
/// </summary>
public interface IRuleTrials
{
    /// <summary>Tries a draft. What is wrong with it is told and not thrown: all of it at once, each at its place.</summary>
    Task<RuleTrial> TryAsync(RuleTrialRequest request, CancellationToken cancellationToken);
}
