using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>Why a rule matched this event, or why it did not. Which rule is asked about stands in the address.</summary>
public sealed partial class WhyPanel
{
    private const int MostOffered = 8;

    private (long Id, string? Rule, int? Version)? _asked;
    private IReadOnlyList<string> _rules = [];
    private RuleExplanation? _answer;
    private string? _refusal;

    /// <summary>The event.</summary>
    [Parameter, EditorRequired]
    public required long Id { get; set; }

    /// <summary>The trigger that fired: its rules are offered first.</summary>
    [Parameter, EditorRequired]
    public required string TriggerRef { get; set; }

    /// <summary>The rule that is asked about; null for none yet.</summary>
    [Parameter]
    public string? Rule { get; set; }

    /// <summary>One of its versions; null for the one that the event met.</summary>
    [Parameter]
    public int? Version { get; set; }

    [Inject]
    public required IRuleExplainer Explainer { get; init; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    // The page is drawn again whenever something happens to the event; the same question is asked once.
    protected override async Task OnParametersSetAsync()
    {
        var question = (Id, Rule, Version);
        if (_asked == question)
        {
            return;
        }

        var isOther = _asked?.Id != Id;
        _asked = question;
        try
        {
            if (isOther)
            {
                var page = await Rules.ListAsync(
                    new RuleFilter { TriggerRef = TriggerRef }, new PageRequest { Size = MostOffered }, Leaving);
                _rules = [.. page.Items.Select(rule => rule.Ref)];
            }

            var (answer, refusal) = await AskAsync();
            if (_asked == question)
            {
                (_answer, _refusal) = (answer, refusal);
            }
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    private static string Sum(RuleExplanation answer)
    {
        var count = answer.Conditions.Count;
        var held = answer.Conditions.Count(one => one.Verdict == Verdict.True);
        var joined = answer.Condition == ConditionJoin.All ? "all must hold" : "one is enough";
        return count switch
        {
            0 => "No conditions: every event of its trigger matches.",
            1 => held == 1 ? "Its condition holds." : "Its condition does not hold.",
            _ => $"{held} of {count} conditions hold; {joined}.",
        };
    }

    private async Task<(RuleExplanation? Answer, string? Refusal)> AskAsync()
    {
        if (Rule is null)
        {
            return (null, null);
        }

        try
        {
            return (await Explainer.ExplainAsync(Id, new RuleSubject { RuleRef = Rule, Version = Version }, Leaving), null);
        }
        catch (RefusedException refused)
        {
            return (null, refused.Message);
        }
    }

    private void Go(string? rule) => Navigation.NavigateTo(Urls.Event(Id, rule), replace: true);
}
