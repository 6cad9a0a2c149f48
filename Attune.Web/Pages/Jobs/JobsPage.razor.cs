using Attune.Db;
using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Jobs;

/// <summary>The jobs, newest first. Each goes on on its own page; nothing signals its progress.</summary>
public sealed partial class JobsPage
{
    private IReadOnlyList<Job>? _jobs;
    private Cursor? _next;

    [Inject]
    public required IJobs Jobs { get; init; }

    protected override Task OnInitializedAsync() => OlderAsync();

    private async Task OlderAsync()
    {
        var page = await Jobs.ListAsync(new() { After = _next }, Leaving);
        (_jobs, _next) = ([.. _jobs ?? [], .. page.Items], page.Next);
    }
}
