using Attune.Modules.Events;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Triggers;

/// <summary>The triggers there are. Nothing tells of their changes, so the list is as it was when it was opened.</summary>
public sealed partial class TriggersPage
{
    private IReadOnlyList<TriggerSummary>? _triggers;

    [Inject]
    public required ITriggerRepository Triggers { get; init; }

    private IReadOnlyList<TriggerSummary> Shown =>
        Filter.Search is { } text
            ? [.. _triggers!.Where(trigger => Has(trigger.Ref, text) || Has(trigger.Label, text))]
            : _triggers!;

    protected override async Task OnInitializedAsync() =>
        _triggers = await WholeList.ReadAsync((page, token) => Triggers.ListAsync(enabledOnly: false, page, token), Leaving);

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}
