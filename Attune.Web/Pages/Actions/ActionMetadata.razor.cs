using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Actions;

/// <summary>What identifies an action, and its limits.</summary>
public sealed partial class ActionMetadata
{
    [Parameter, EditorRequired]
    public required Modules.Enforcements.Action Action { get; set; }
}
