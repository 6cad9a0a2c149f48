using Attune.Db;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements;

/// <summary>The rules and their versions.</summary>
public interface IRuleRepository
{
    /// <summary>The rule of a reference; null when there is none.</summary>
    Task<Rule?> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Rules, by reference. There are few: pages go by offset.</summary>
    Task<Page<RuleSummary>> ListAsync(RuleFilter filter, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Makes a rule, its first version with it.</summary>
    /// <exception cref="RefusedException">
    /// The reference is taken, the trigger or action does not exist, or a value is not acceptable; the field names the place,
    /// such as <c>conditions[2].operator</c>.
    /// </exception>
    Task<Rule> CreateAsync(NewRule rule, CancellationToken cancellationToken);

    /// <summary>Changes a rule; a change of what it says makes a new version. Null when there is none.</summary>
    /// <exception cref="RefusedException">As for <see cref="CreateAsync"/>.</exception>
    Task<Rule?> UpdateAsync(string reference, RuleUpdate update, CancellationToken cancellationToken);

    /// <summary>Makes a rule what is said, whole; one that is so already is left alone, and so are its versions.</summary>
    /// <exception cref="RefusedException">As for <see cref="CreateAsync"/>, but that the reference may be taken.</exception>
    Task<Applied<Rule>> ApplyAsync(NewRule rule, CancellationToken cancellationToken);

    /// <summary>Deletes a rule. Ledger rows keep its reference and id, and its versions stay.</summary>
    /// <returns>False when there was none.</returns>
    Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken);

    /// <summary>The versions of the rules that have had a reference, newest first. Pages go by offset.</summary>
    Task<Page<RuleVersionSummary>> ListVersionsAsync(string reference, PageRequest page, CancellationToken cancellationToken);

    /// <summary>One version of a rule by the rule's id, as an enforcement names it; null when there is none.</summary>
    Task<RuleVersion?> FindVersionAsync(long rule, int version, CancellationToken cancellationToken);

    /// <summary>One version of the last rule that has had a reference; null when there is none.</summary>
    Task<RuleVersion?> FindVersionAsync(string reference, int version, CancellationToken cancellationToken);
}
