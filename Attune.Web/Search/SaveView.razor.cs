using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace Attune.Web.Search;

/// <summary>Saves what a list shows under a name.</summary>
public sealed partial class SaveView
{
    private ElementReference _input;
    private bool _open;
    private bool _isOpened;
    private string _name = "";
    private bool _shared;
    private string? _mistake;

    [Parameter, EditorRequired]
    public required ViewedPage Page { get; set; }

    /// <summary>The filter and the search of the list.</summary>
    [Parameter, EditorRequired]
    public required AddressQuery Query { get; set; }

    [Inject]
    public required SavedViewList Views { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_isOpened)
        {
            _isOpened = false;
            await _input.FocusAsync();
        }
    }

    private void Toggle() => (_open, _isOpened, _mistake) = (!_open, !_open, null);

    private void Key(KeyboardEventArgs key)
    {
        if (key.Key == "Escape")
        {
            _open = false;
        }
    }

    private async Task SaveAsync()
    {
        try
        {
            await Views.SaveAsync(_name.Trim(), Page, Query.At("").TrimStart('?'), _shared, Leaving);
            Snackbar.Add("Saved: it stands in the menu.", Severity.Normal);
            (_open, _name, _shared) = (false, "", false);
        }
        catch (RefusedException refused)
        {
            _mistake = refused.Message;
        }
    }
}
