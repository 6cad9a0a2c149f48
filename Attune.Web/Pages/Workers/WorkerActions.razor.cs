using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Workers;

/// <summary>What a worker runs.</summary>
public sealed partial class WorkerActions
{
    private IReadOnlyList<string> _actions = [];

    [Parameter, EditorRequired]
    public required Worker Worker { get; set; }

    /// <summary>Names the first and counts the others.</summary>
    [Parameter]
    public bool Brief { get; set; }

    protected override void OnParametersSet() => _actions = [.. WorkerWords.Actions(Worker).Distinct()];
}
