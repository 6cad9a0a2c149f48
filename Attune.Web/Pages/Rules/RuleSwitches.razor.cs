using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>In which state a rule is, and where it is changed.</summary>
public sealed partial class RuleSwitches
{
    [Parameter, EditorRequired]
    public required Rule Rule { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<RuleState> Switched { get; set; }
}
