namespace Attune.Modules.Events;

/// <summary>
/// Knows the rules that an event can be meant for. Rules belong to another module, which implements this; where none does, no
/// rule is known.
/// </summary>
public interface IRuleTargets
{
    /// <summary>The rule of an id; null when there is none.</summary>
    Task<RuleTarget?> FindAsync(long id, CancellationToken cancellationToken);
}
