using Attune.Modules.Events;
using Attune.Modules.History;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Storage;

/// <summary>The tables that are kept by time on disk, as they were when the page was opened.</summary>
public sealed partial class StoragePage
{
    private readonly HashSet<string> _open = [];
    private StorageReport? _report;
    private PinTotals _pins;

    [Inject]
    public required IStorageReports Reports { get; init; }

    [Inject]
    public required IPinnedEvents Pins { get; init; }

    protected override async Task OnInitializedAsync()
    {
        _pins = await Pins.TotalsAsync(Leaving);
        _report = await Reports.ReadAsync(Leaving);
    }

    private void Fold(string table) => _ = _open.Add(table) || _open.Remove(table);
}
