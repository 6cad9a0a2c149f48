using Attune.Db;
using Attune.Modules.Events;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>The triggers there are. Nothing tells of their changes, so the list is as it was when it was opened.</summary>
public sealed partial class TriggersPage : IDisposable
{
    private const int Most = 500;

    private readonly CancellationTokenSource _leaving = new();
    private IReadOnlyList<TriggerSummary>? _triggers;
    private string? _search;

    [Inject]
    public required ITriggerRepository Triggers { get; init; }

    private IReadOnlyList<TriggerSummary> Shown =>
        Query.Text(_search) is { } text
            ? [.. _triggers!.Where(trigger => Has(trigger.Ref, text) || Has(trigger.Label, text))]
            : _triggers!;

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        var triggers = new List<TriggerSummary>();
        Page<TriggerSummary> page;
        do
        {
            page = await Triggers.ListAsync(
                enabledOnly: false, new PageRequest { Size = PageRequest.MaxSize, Offset = triggers.Count }, _leaving.Token);
            triggers.AddRange(page.Items);
        }
        while (page.Items.Count == PageRequest.MaxSize && triggers.Count < Most);

        _triggers = triggers;
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
