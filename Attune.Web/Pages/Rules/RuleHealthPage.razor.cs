using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>What was found of the rules, by what it is.</summary>
public sealed partial class RuleHealthPage
{
    private RuleHealthReport? _report;

    [Inject]
    public required IRuleHealth Health { get; init; }

    protected override async Task OnInitializedAsync() => _report = await Health.ReadAsync(Leaving);

    private IReadOnlyList<RuleFinding> Shown(RuleHealthReport report) =>
        Filter.Rule is { } rule ? [.. report.Findings.Where(finding => finding.RuleRef == rule)] : report.Findings;
}
