using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Shared;

/// <summary>The way out of a dialog. It has the focus as soon as it is drawn, which is later than the dialog itself.</summary>
public sealed partial class CancelButton
{
    private MudButton? _button;

    /// <summary>What it says.</summary>
    [Parameter]
    public string Word { get; set; } = "Cancel";

    [Parameter]
    public EventCallback Clicked { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender && _button is not null)
        {
            await _button.FocusAsync();
        }
    }
}
