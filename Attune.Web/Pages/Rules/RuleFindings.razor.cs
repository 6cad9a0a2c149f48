using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>What was found of one rule. Its own page says of itself that it is paused or fails.</summary>
public sealed partial class RuleFindings
{
    private IReadOnlyList<RuleFinding> _findings = [];
    private string? _read;

    [Parameter, EditorRequired]
    public required string Reference { get; set; }

    [Inject]
    public required IRuleHealth Health { get; init; }

    /// <summary>What was found, in a word or two.</summary>
    public static string Word(RuleFindingKind kind) => kind switch
    {
        RuleFindingKind.CannotBeEvaluated => "Cannot be evaluated",
        RuleFindingKind.FailingExecutions => "Failing executions",
        RuleFindingKind.StoppedMatching => "Stopped matching",
        RuleFindingKind.MissingPath => "Path that leads nowhere",
        RuleFindingKind.NeverMatched => "Never matched",
        RuleFindingKind.SilentTrigger => "Trigger that does not fire",
        RuleFindingKind.MatchesTooOften => "Matches very often",
        _ => "Same as another rule",
    };

    /// <summary>Whether something fails, rather than being odd.</summary>
    public static bool IsFailure(RuleFindingKind kind) => kind is RuleFindingKind.CannotBeEvaluated or RuleFindingKind.FailingExecutions;

    /// <summary>What to do about it.</summary>
    public static (string Text, string Href) Act(RuleFinding finding) => finding.Kind switch
    {
        RuleFindingKind.FailingExecutions => (
            "See them", AddressQuery.Empty.With("rule", finding.RuleRef).With("status", "failed").At(Urls.Executions)),
        RuleFindingKind.StoppedMatching or RuleFindingKind.NeverMatched => (
            "See what kept events out", new UnmatchedQuery { Trigger = finding.TriggerRef }.Address),
        RuleFindingKind.SilentTrigger => ("Open the trigger", Urls.Trigger(finding.TriggerRef)),
        RuleFindingKind.MatchesTooOften => ("Backtest it", Urls.Backtest(finding.RuleRef)),
        RuleFindingKind.Twin when finding.OtherRule is { } other => ("Open the other", Urls.Rule(other)),
        _ => ("Edit the rule", Urls.EditRule(finding.RuleRef)),
    };

    protected override async Task OnParametersSetAsync()
    {
        if (_read == Reference)
        {
            return;
        }

        _read = Reference;
        var report = await Health.ReadAsync(Leaving);
        _findings = [.. report.Findings.Where(
            one => one.RuleRef == Reference && one.Kind is not RuleFindingKind.CannotBeEvaluated)];
    }
}
