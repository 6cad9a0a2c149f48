using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Actions;

/// <summary>The actions there are. Nothing tells of their changes, so the list is as it was when it was opened.</summary>
public sealed partial class ActionsPage
{
    private IReadOnlyList<ActionSummary>? _actions;

    [Inject]
    public required IActionRepository All { get; init; }

    private IReadOnlyList<ActionSummary> Shown =>
    [
        .. _actions!.Where(action => (Filter.Pack is null || action.PackRef == Filter.Pack)
            && (Filter.Text is not { } text || Has(action.Ref, text) || Has(action.Label, text))),
    ];

    protected override async Task OnParametersSetAsync() => _actions ??= await WholeList.ReadAsync(All.ListAsync, Leaving);

    private Task<IReadOnlyList<string>> PacksAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<string>>(
        [.. (_actions ?? []).Select(action => action.PackRef).OfType<string>().Distinct().Order(StringComparer.Ordinal)]);

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private void Go(ActionsFilter filter, bool replace = false) => Navigation.NavigateTo(filter.Address, replace: replace);
}
