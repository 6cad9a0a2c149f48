using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>Stands for a row that is not there. That is ordinary: rows expire, and what refers to them stays.</summary>
public sealed partial class Gone
{
    /// <summary>What it was, in the singular, such as <c>Event</c>.</summary>
    [Parameter, EditorRequired]
    public required string Kind { get; set; }

    [Parameter, EditorRequired]
    public required long Id { get; set; }

    /// <summary>The address of the list of its kind.</summary>
    [Parameter, EditorRequired]
    public required string Back { get; set; }
}
