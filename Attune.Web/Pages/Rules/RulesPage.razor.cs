using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Rules;

/// <summary>The rules there are. Nothing tells of their changes, so the list is as it was when it was opened.</summary>
public sealed partial class RulesPage
{
    private RulesFilter? _read;
    private IReadOnlyList<RuleSummary>? _rules;
    private ILookup<string, RuleFinding> _findings = Array.Empty<RuleFinding>().ToLookup(finding => finding.RuleRef);

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IRuleHealth Health { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    private IReadOnlyList<RuleSummary> Shown =>
        Filter.Search is { } text
            ? [.. _rules!.Where(rule => Has(rule.Ref, text) || Has(rule.Label, text))]
            : _rules!;

    // It may take longer than the list, which does not wait for it.
    protected override async Task OnInitializedAsync() =>
        _findings = (await Health.ReadAsync(Leaving)).Findings.ToLookup(finding => finding.RuleRef, StringComparer.Ordinal);

    // What is searched for is looked for among those that were read.
    protected override async Task OnParametersSetAsync()
    {
        var filter = Filter with { Search = null };
        if (_read != filter)
        {
            _read = filter;
            await ReadAsync();
        }
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private void Go(RulesFilter filter, bool replace = false) => Navigation.NavigateTo(filter.Address, replace: replace);

    private async Task ReadAsync() =>
        _rules = await WholeList.ReadAsync((page, token) => Rules.ListAsync(Filter.ToRuleFilter(), page, token), Leaving);

    private async Task EnableAsync(RuleSummary rule, bool enabled)
    {
        await Snackbar.TryAsync(async () =>
        {
            var updated = await Rules.UpdateAsync(rule.Ref, new RuleUpdate { Enabled = enabled }, Leaving);
            Snackbar.Add(updated is null
                ? $"{rule.Ref} has been deleted meanwhile."
                : $"{rule.Ref} is {(enabled ? "enabled" : "disabled")}.");
        });
        await ReadAsync();
    }
}
