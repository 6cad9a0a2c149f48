using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Lists;

/// <summary>How the execution of an enforcement ended, with what went wrong.</summary>
public sealed partial class OutcomeCell
{
    [Parameter, EditorRequired]
    public required RuleOutcome? Outcome { get; set; }
}
