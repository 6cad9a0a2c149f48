using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace Attune.Web.Pages.Rules;

/// <summary>The rules there are. Nothing tells of their changes, so the list is as it was when it was opened.</summary>
public sealed partial class RulesPage : IDisposable
{
    private const int Most = 500;

    private readonly CancellationTokenSource _leaving = new();
    private IReadOnlyList<RuleSummary>? _rules;
    private string? _trigger;
    private string? _search;

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    [Inject]
    public required ISnackbar Snackbar { get; init; }

    [SupplyParameterFromQuery(Name = "trigger")]
    public string? Trigger { get; set; }

    private IReadOnlyList<RuleSummary> Shown =>
        Query.Text(_search) is { } text
            ? [.. _rules!.Where(rule => Has(rule.Ref, text) || Has(rule.Label, text))]
            : _rules!;

    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnParametersSetAsync()
    {
        _trigger = Query.Text(Trigger);
        await ReadAsync();
    }

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private void Go(string? trigger) => Navigation.NavigateTo(trigger is null ? Urls.Rules : Urls.RulesOf(trigger));

    private async Task ReadAsync()
    {
        var rules = new List<RuleSummary>();
        Page<RuleSummary> page;
        do
        {
            page = await Rules.ListAsync(
                new RuleFilter { TriggerRef = _trigger }, new PageRequest { Size = PageRequest.MaxSize, Offset = rules.Count }, _leaving.Token);
            rules.AddRange(page.Items);
        }
        while (page.Items.Count == PageRequest.MaxSize && rules.Count < Most);

        _rules = rules;
    }

    private async Task EnableAsync(RuleSummary rule, bool enabled)
    {
        await Snackbar.TryAsync(async () =>
        {
            var updated = await Rules.UpdateAsync(rule.Ref, new RuleUpdate { Enabled = enabled }, _leaving.Token);
            Snackbar.Add(updated is null ? $"{rule.Ref} has been deleted meanwhile." : $"{rule.Ref} is {(enabled ? "enabled" : "disabled")}.");
        });
        await ReadAsync();
    }
}
