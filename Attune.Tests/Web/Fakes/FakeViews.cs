using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Saved views in memory, all of one reader.</summary>
public sealed class FakeViews : ISavedViews
{
    public List<SavedView> All { get; } = [];

    public Task<IReadOnlyList<SavedView>> ListAsync(string? owner, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SavedView>>([.. All]);

    public Task<SavedView> CreateAsync(NewSavedView view, CancellationToken cancellationToken)
    {
        if (view.Name.Length == 0)
        {
            throw RefusedException.Invalid("name", "name must not be empty.");
        }

        var saved = new SavedView
        {
            Id = All.Count + 1, Name = view.Name, Page = view.Page, Query = view.Query, Shared = view.Owner is null, Place = All.Count,
            Created = DateTimeOffset.UnixEpoch, Updated = DateTimeOffset.UnixEpoch,
        };
        All.Add(saved);
        return Task.FromResult(saved);
    }

    public Task<SavedView?> ChangeAsync(long id, string? owner, SavedViewChange change, CancellationToken cancellationToken)
    {
        var at = All.FindIndex(view => view.Id == id);
        All[at] = All[at] with { Name = change.Name ?? All[at].Name, Shared = change.Shared ?? All[at].Shared };
        return Task.FromResult<SavedView?>(All[at]);
    }

    public Task<bool> DeleteAsync(long id, string? owner, CancellationToken cancellationToken) =>
        Task.FromResult(All.RemoveAll(view => view.Id == id) > 0);
}
