using Attune.Db;
using Attune.Modules.Enforcements;
using Attune.Web.Lists;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>
/// Which rules matched this event, and which did not and why, unasked: those that matched first, then those that came nearest. Which one
/// is open stands in the address, and may be a rule that was never on the trigger, or another version.
/// </summary>
public sealed partial class WhyPanel
{
    private (long Id, string? Rule, int? Version)? _question;
    private EventExplanation? _all;
    private RuleExplanation? _answer;
    private string? _refusal;
    private bool _isClosed;

    /// <summary>The event.</summary>
    [Parameter, EditorRequired]
    public required long Id { get; set; }

    /// <summary>The rule that is open; null for the one that says most.</summary>
    [Parameter]
    public string? Rule { get; set; }

    /// <summary>One of its versions; null for the one that the event met.</summary>
    [Parameter]
    public int? Version { get; set; }

    /// <summary>The path that is marked in the event.</summary>
    [Parameter]
    public string? Looked { get; set; }

    /// <summary>Called with a path that is to be marked.</summary>
    [Parameter]
    public EventCallback<string> Look { get; set; }

    [Inject]
    public required IRuleExplainer Explainer { get; init; }

    [Inject]
    public required KnownRefs Refs { get; init; }

    [Inject]
    public required NavigationManager Navigation { get; init; }

    private string? Count => _all is { } all ? $"{Format.Number(all.Total)}{(all.HasMore ? "+" : "")}" : null;

    private int Left => _all is { } all ? all.Total - all.Rules.Count : 0;

    private bool IsListed => Rule is null || (Version is null && _all?.Rules.Any(one => one.RuleRef == Rule) == true);

    private IReadOnlyList<RuleExplanation> Shown => _answer is { } asked ? [asked, .. _all?.Rules ?? []] : _all?.Rules ?? [];

    private string Lead => _all switch
    {
        null => "",
        { Total: 0 } => "No rule was on this trigger when the event came.",
        { Total: 1, Matching: 1 } => "The one rule on this trigger matches.",
        { Total: 1 } => "The one rule on this trigger does not match.",
        { Matching: 0 } all => $"None of {Rules(all)} matches; those that came nearest stand first.",
        { } all when all.Matching == all.Total => $"All {Rules(all)} match.",
        { } all => $"{Format.Number(all.Matching)} of {Rules(all)} match.",
    };

    // The page is drawn again whenever something happens to the event; the same question is asked once.
    protected override async Task OnParametersSetAsync()
    {
        var question = (Id, Rule, Version);
        if (_question == question)
        {
            return;
        }

        var isOther = _question?.Id != Id;
        _question = question;
        _isClosed = false;
        try
        {
            if (isOther)
            {
                _all = null;
                var all = await Explainer.ExplainRulesAsync(Id, EventExplanation.UsualRules, Leaving);
                if (_question?.Id != Id)
                {
                    return;
                }

                _all = all;
            }

            var (answer, refusal) = IsListed ? (null, null) : await AskAsync();
            if (_question == question)
            {
                (_answer, _refusal) = (answer, refusal);
            }
        }
        catch (OperationCanceledException) when (Leaving.IsCancellationRequested)
        {
            // The reader has left.
        }
    }

    private static string Rules(EventExplanation all) => all.HasMore
        ? $"the first {Format.Number(all.Total)} rules on this trigger"
        : $"{Format.Number(all.Total)} rules on this trigger";

    // Unasked, the only rule is open, or the nearest one where none matched.
    private bool IsOpen(RuleExplanation answer) => !_isClosed && (Rule is null
        ? _all is { } all && (all.Total == 1 || all.Matching == 0) && answer == all.Rules[0]
        : answer == _answer || (_answer is null && answer.RuleRef == Rule));

    private void Open(RuleExplanation answer)
    {
        if (IsOpen(answer))
        {
            _isClosed = true;
            return;
        }

        _isClosed = false;
        Navigation.NavigateTo(
            answer == _answer ? Urls.Event(Id, answer.RuleRef, Version) : Urls.Event(Id, answer.RuleRef), replace: true);
    }

    private async Task<(RuleExplanation? Answer, string? Refusal)> AskAsync()
    {
        try
        {
            return (await Explainer.ExplainAsync(Id, new RuleSubject { RuleRef = Rule, Version = Version }, Leaving), null);
        }
        catch (RefusedException refused)
        {
            return (null, refused.Message);
        }
    }

    private async Task ShowAllAsync() => _all = await Explainer.ExplainRulesAsync(Id, EventExplanation.MostRules, Leaving);

    private void Go(string? rule) => Navigation.NavigateTo(Urls.Event(Id, rule), replace: true);
}
