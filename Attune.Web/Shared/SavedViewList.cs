using Attune.Db;
using Attune.Modules.Enforcements;

namespace Attune.Web.Shared;

/// <summary>The saved views of the reader and those that are shared. One for each circuit; whoever shows them hears of changes.</summary>
public sealed class SavedViewList(ISavedViews views, Browser browser)
{
    private string? _owner;

    /// <summary>A view was saved, changed or deleted here.</summary>
    public event System.Action? Changed;

    public async Task<IReadOnlyList<SavedView>> ReadAsync(CancellationToken cancellationToken) =>
        await views.ListAsync(await OwnerAsync(cancellationToken), cancellationToken);

    /// <exception cref="RefusedException">The name is none, or there are as many as there may be.</exception>
    public async Task SaveAsync(string name, ViewedPage page, string query, bool shared, CancellationToken cancellationToken)
    {
        var owner = await OwnerAsync(cancellationToken);
        await views.CreateAsync(new() { Name = name, Page = page, Query = query, Owner = shared ? null : owner }, cancellationToken);
        Changed?.Invoke();
    }

    /// <exception cref="RefusedException">The name is none.</exception>
    public async Task ChangeAsync(long id, SavedViewChange change, CancellationToken cancellationToken)
    {
        await views.ChangeAsync(id, await OwnerAsync(cancellationToken), change, cancellationToken);
        Changed?.Invoke();
    }

    public async Task DeleteAsync(long id, CancellationToken cancellationToken)
    {
        await views.DeleteAsync(id, await OwnerAsync(cancellationToken), cancellationToken);
        Changed?.Invoke();
    }

    // Until there are accounts a reader is a browser: a random text that it keeps.
    private async Task<string?> OwnerAsync(CancellationToken cancellationToken)
    {
        if (_owner is null)
        {
            _owner = await browser.OwnerAsync(cancellationToken);
        }

        return _owner;
    }
}
