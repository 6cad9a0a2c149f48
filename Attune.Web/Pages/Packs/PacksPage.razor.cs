using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Packs;

/// <summary>The packs there are, as they were when the list was opened.</summary>
public sealed partial class PacksPage
{
    private IReadOnlyList<PackSummary>? _packs;

    [Inject]
    public required IPackRepository Packs { get; init; }

    protected override async Task OnInitializedAsync() => _packs = await Packs.ListAsync(Leaving);
}
