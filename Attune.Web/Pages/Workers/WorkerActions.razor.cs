using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Workers;

/// <summary>What a worker runs.</summary>
public sealed partial class WorkerActions
{
    /// <summary>References of actions, as many as are known.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Actions { get; set; }

    /// <summary>How many there are.</summary>
    [Parameter, EditorRequired]
    public int Count { get; set; }

    /// <summary>Names the first and counts the others.</summary>
    [Parameter]
    public bool Brief { get; set; }

    private string Title => string.Join("\n", Count > Actions.Count ? Actions.Append("…") : Actions);
}
