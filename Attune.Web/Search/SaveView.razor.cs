using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Search;

/// <summary>Saves what a list shows under a name.</summary>
public sealed partial class SaveView
{
    private readonly string _id = $"save-view-{Guid.NewGuid():N}";
    private string _name = "";
    private bool _shared;
    private string? _mistake;

    [Parameter, EditorRequired]
    public required ViewedPage Page { get; set; }

    /// <summary>The filter and the search of the list.</summary>
    [Parameter, EditorRequired]
    public required AddressQuery Query { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    [Inject]
    public required SavedViewList Views { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private async Task SaveAsync()
    {
        try
        {
            await Views.SaveAsync(_name.Trim(), Page, Query.At("").TrimStart('?'), _shared, Leaving);
            Snackbar.Add("Saved: it stands in the menu.", Severity.Normal);
            (_name, _shared, _mistake) = ("", false, null);
            await Browser.ClosePopoverAsync(_id, Leaving);
        }
        catch (RefusedException refused)
        {
            _mistake = refused.Message;
        }
    }
}
