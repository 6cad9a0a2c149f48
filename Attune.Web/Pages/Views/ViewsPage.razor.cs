using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Views;

/// <summary>The saved views: renamed, shared and deleted.</summary>
public sealed partial class ViewsPage
{
    private IReadOnlyList<SavedView>? _views;
    private long? _renamed;
    private long? _deleted;
    private string _name = "";
    private string? _mistake;

    [Inject]
    public required SavedViewList Views { get; init; }

    protected override async Task OnInitializedAsync() => _views = await Views.ReadAsync(Leaving);

    private void Rename(SavedView view) => (_renamed, _name) = (view.Id, view.Name);

    private async Task RenameAsync(SavedView view)
    {
        if (await ChangeAsync(view, new() { Name = _name.Trim() }))
        {
            _renamed = null;
        }
    }

    private Task ShareAsync(SavedView view) => ChangeAsync(view, new() { Shared = !view.Shared });

    // Asked twice: a shared view is gone for everybody.
    private async Task DeleteAsync(SavedView view)
    {
        if (_deleted != view.Id)
        {
            _deleted = view.Id;
            return;
        }

        _deleted = null;
        await Views.DeleteAsync(view.Id, Leaving);
        _views = await Views.ReadAsync(Leaving);
    }

    private async Task<bool> ChangeAsync(SavedView view, SavedViewChange change)
    {
        try
        {
            _mistake = null;
            await Views.ChangeAsync(view.Id, change, Leaving);
            _views = await Views.ReadAsync(Leaving);
            return true;
        }
        catch (RefusedException refused)
        {
            _mistake = refused.Message;
            return false;
        }
    }
}
