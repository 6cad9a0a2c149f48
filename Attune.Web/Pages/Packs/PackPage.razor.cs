using Attune.Modules.Events;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Packs;

/// <summary>One pack: what is in it, and its config without secrets.</summary>
public sealed partial class PackPage
{
    private PackDetail? _detail;
    private bool _read;

    [Parameter]
    public required string Reference { get; set; }

    [Inject]
    public required IPackRepository Packs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required IDialogService Dialogs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    protected override async Task OnParametersSetAsync() => (_detail, _read) = (await Packs.FindAsync(Reference, Leaving), true);

    private static string AddressOf(PackMember member) => member.Kind switch
    {
        CatalogueKind.Trigger => Urls.Trigger(member.Ref),
        CatalogueKind.Rule => Urls.Rule(member.Ref),
        _ => Urls.Action(member.Ref),
    };

    private async Task DeleteAsync()
    {
        var sure = await Dialogs.SureAsync(
            $"Delete {Reference}?", "Only a pack that nothing is in can be deleted; its config goes with it.", "Delete");
        if (sure && await Snackbar.TryAsync(() => Packs.DeleteAsync(Reference, Leaving)))
        {
            Snackbar.Add($"{Reference} has been deleted.");
            Navigation.NavigateTo(Urls.Packs);
        }
    }
}
