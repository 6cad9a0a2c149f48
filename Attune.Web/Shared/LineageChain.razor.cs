using Microsoft.AspNetCore.Components;

namespace Attune.Web.Shared;

/// <summary>What a node of a lineage is.</summary>
public enum LineageKind
{
    Event,
    Enforcement,
    Execution,
}

/// <summary>Event, enforcements and executions as a chain; the one whose page this is has no link.</summary>
public sealed partial class LineageChain
{
    [Parameter, EditorRequired]
    public required Lineage Lineage { get; set; }

    /// <summary>What the page shows.</summary>
    [Parameter, EditorRequired]
    public required LineageKind Current { get; set; }

    /// <summary>Where all enforcements of the event are listed; for those that the chain has no room for.</summary>
    [Parameter]
    public string? All { get; set; }

    /// <summary>Which execution the page shows.</summary>
    [Parameter]
    public long? CurrentExecution { get; set; }
}
