using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>The conditions of a rule that did not hold, the most frequent first.</summary>
public sealed partial class UnmatchedConditions
{
    [Parameter, EditorRequired]
    public required UnmatchedRule Rule { get; set; }

    /// <summary>Of how many events.</summary>
    [Parameter, EditorRequired]
    public required long Unmatched { get; set; }

    private string Share(UnmatchedCondition one) => FormattableString.Invariant($"{one.Events / (double)Unmatched:0.###}");
}
