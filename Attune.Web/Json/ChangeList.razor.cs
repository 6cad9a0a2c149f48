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

    /// <summary>Names what became of each place, and its type where that is another.</summary>
    [Parameter]
    public bool WithKinds { get; set; }

    private string? Kind(FieldChange change) => !WithKinds ? null : change switch
    {
        { Kind: ChangeKind.Added, To: { } to } => $"only right, {JsonTexts.KindOf(to)}",
        { Kind: ChangeKind.Removed, From: { } from } => $"only left, {JsonTexts.KindOf(from)}",
        { From: { } from, To: { } to } when JsonTexts.KindOf(from) != JsonTexts.KindOf(to) =>
            $"{JsonTexts.KindOf(from)}, now {JsonTexts.KindOf(to)}",
        _ => null,
    };
}
