using Attune.Modules.History;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Storage;

/// <summary>The tables that are kept by time on disk, as they were when the page was opened.</summary>
public sealed partial class StoragePage
{
    private StorageReport? _report;

    [Inject]
    public required IStorageReports Reports { get; init; }

    protected override async Task OnInitializedAsync() => _report = await Reports.ReadAsync(Leaving);
}
