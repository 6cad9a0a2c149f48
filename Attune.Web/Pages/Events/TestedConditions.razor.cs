using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>Every condition with what was expected, what was there, and what it came to.</summary>
public sealed partial class TestedConditions
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<ExplainedCondition> Conditions { get; set; }

    /// <summary>Called with a path that is to be marked in the event; left out, paths are no buttons.</summary>
    [Parameter]
    public EventCallback<string> Look { get; set; }

    /// <summary>The path that is marked.</summary>
    [Parameter]
    public string? Looked { get; set; }
}
