using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>What is wrong with a form, above it; each place leads to its field.</summary>
public sealed partial class FormErrors
{
    private ElementReference _box;
    private bool _said;

    [Parameter, EditorRequired]
    public required FormMistakes Mistakes { get; set; }

    [Inject]
    public required Browser Browser { get; init; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Mistakes.Any && !_said)
        {
            await _box.FocusAsync();
        }

        _said = Mistakes.Any;
    }

    private Task GoAsync(string place) => Browser.FocusAsync(place, CancellationToken.None).AsTask();
}
