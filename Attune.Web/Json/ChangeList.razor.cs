using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Json;

/// <summary>Places at which two values differ, each with what it was and what it is.</summary>
public sealed partial class ChangeList
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<FieldChange> Changes { get; set; }

    /// <summary>What the list is, for those who do not see it.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }
}
