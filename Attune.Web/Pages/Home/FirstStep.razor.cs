using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Home;

/// <summary>One of the first steps; it ticks itself when it is done.</summary>
public sealed partial class FirstStep
{
    [Parameter, EditorRequired]
    public required int Number { get; set; }

    [Parameter, EditorRequired]
    public required string Title { get; set; }

    [Parameter, EditorRequired]
    public required bool IsDone { get; set; }

    /// <summary>Whether it is the reader's turn, or the one that is waited for.</summary>
    [Parameter, EditorRequired]
    public required bool IsNext { get; set; }

    [Parameter]
    public bool IsAwaited { get; set; }

    /// <summary>What is waited for.</summary>
    [Parameter]
    public string Awaited { get; set; } = "Waiting";

    [Parameter, EditorRequired]
    public required RenderFragment ChildContent { get; set; }
}
