using Attune.Db;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements;

/// <summary>Reads, makes and changes actions. Some come with the product; a worker offers those that it can run.</summary>
public interface IActionRepository
{
    /// <summary>The action of a reference; null when there is none.</summary>
    Task<Action?> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Actions, by reference. Pages go by offset.</summary>
    Task<Page<ActionSummary>> ListAsync(PageRequest page, CancellationToken cancellationToken);

    /// <summary>Makes an action.</summary>
    /// <exception cref="RefusedException">There is one of that reference, or a value cannot be accepted.</exception>
    Task<Action> CreateAsync(NewAction action, CancellationToken cancellationToken);

    /// <summary>Changes an action; null when there is none.</summary>
    /// <exception cref="RefusedException">A value cannot be accepted.</exception>
    Task<Action?> UpdateAsync(string reference, ActionUpdate update, CancellationToken cancellationToken);

    /// <summary>Makes an action what is said, whole; one that is so already is left alone.</summary>
    /// <exception cref="RefusedException">A value cannot be accepted.</exception>
    Task<Applied<Action>> ApplyAsync(NewAction action, CancellationToken cancellationToken);

    /// <summary>Deletes an action that was made here or that files say. Its rules and executions stay; matches are disabled.</summary>
    /// <returns>False when there was none.</returns>
    /// <exception cref="RefusedException">It came with a program.</exception>
    Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken);
}
