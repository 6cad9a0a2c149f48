using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>
/// Lists that somebody wants to see again: their filter and search by a name, of one person or shared. While there are no accounts, a
/// person is a browser, known by a random text that it made up; whoever has that text has the views.
/// </summary>
public interface ISavedViews
{
    /// <summary>The views of a person and those that are shared, in their order.</summary>
    /// <param name="owner">The person; null for the shared ones alone.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task<IReadOnlyList<SavedView>> ListAsync(string? owner, CancellationToken cancellationToken);

    /// <summary>Saves a view, behind those that are there.</summary>
    /// <exception cref="RefusedException">It says what cannot be saved, or there are as many as there may be.</exception>
    Task<SavedView> CreateAsync(NewSavedView view, CancellationToken cancellationToken);

    /// <summary>Changes a view that is shared, or is the person's.</summary>
    /// <returns>The view; null where there is none.</returns>
    /// <exception cref="RefusedException">It says what cannot be saved.</exception>
    Task<SavedView?> ChangeAsync(long id, string? owner, SavedViewChange change, CancellationToken cancellationToken);

    /// <summary>Deletes a view that is shared, or is the person's.</summary>
    /// <returns>False where there is none.</returns>
    Task<bool> DeleteAsync(long id, string? owner, CancellationToken cancellationToken);
}

/// <summary>A list of which it can be said what it shows.</summary>
public enum ViewedPage
{
    Events,
    Enforcements,
    Executions,
}

/// <summary>A view that was saved. It does not say whose it is: whoever asks for their own knows.</summary>
public sealed record SavedView
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    public required ViewedPage Page { get; init; }

    /// <summary>What stands behind the question mark of the list's address: <c>range=24h&amp;q=total%20%3E%20500</c>.</summary>
    public required string Query { get; init; }

    /// <summary>Whether everybody has it.</summary>
    public required bool Shared { get; init; }

    /// <summary>Where it stands among the others.</summary>
    public required int Place { get; init; }

    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>A view to be saved.</summary>
public sealed record NewSavedView
{
    public required string Name { get; init; }
    public required ViewedPage Page { get; init; }
    public required string Query { get; init; }

    /// <summary>Whose it is; null for one that is shared.</summary>
    public string? Owner { get; init; }
}

/// <summary>What to change of a view; what is left null stays.</summary>
public sealed record SavedViewChange
{
    public string? Name { get; init; }
    public string? Query { get; init; }
    public int? Place { get; init; }

    /// <summary>True shares it with everybody; false makes it the one of whoever asks.</summary>
    public bool? Shared { get; init; }
}
