using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Events;

/// <summary>What became of an event at one rule: a line, and opened, condition by condition.</summary>
public sealed partial class RuleOutcome
{
    [Parameter, EditorRequired]
    public required RuleExplanation Answer { get; set; }

    /// <summary>The event.</summary>
    [Parameter, EditorRequired]
    public required long Id { get; set; }

    [Parameter, EditorRequired]
    public required bool Open { get; set; }

    [Parameter, EditorRequired]
    public required EventCallback Toggle { get; set; }

    /// <summary>Called with a path that is to be marked.</summary>
    [Parameter]
    public EventCallback<string> Look { get; set; }

    /// <summary>The path that is marked.</summary>
    [Parameter]
    public string? Looked { get; set; }
}
