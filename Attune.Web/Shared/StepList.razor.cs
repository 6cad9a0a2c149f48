using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>Something that happened, or is going on.</summary>
public sealed record Step
{
    public required string Name { get; init; }

    public Tone Tone { get; init; } = Tone.Neutral;

    /// <summary>When; of what is going on, since when.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The time since the step before; null for the first.</summary>
    public TimeSpan? After { get; init; }

    public string? Href { get; init; }

    public bool IsGoing { get; init; }
}

/// <summary>Steps below one another, each with its time and the time since the one before.</summary>
public sealed partial class StepList
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<Step> Steps { get; set; }
}
