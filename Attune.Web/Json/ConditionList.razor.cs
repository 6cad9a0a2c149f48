using System.Text.Json;
using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Json;

/// <summary>A rule's conditions in words.</summary>
public sealed partial class ConditionList
{
    private IReadOnlyList<ConditionLine>? _lines;

    [Parameter, EditorRequired]
    public required ConditionJoin Join { get; set; }

    [Parameter, EditorRequired]
    public required JsonElement Conditions { get; set; }

    protected override void OnParametersSet() => _lines = ConditionLine.Read(Conditions);
}
