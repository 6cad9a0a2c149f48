using Microsoft.AspNetCore.Components;

namespace Attune.Web.Json;

/// <summary>The key or index of a row of JSON.</summary>
public sealed partial class JsonKey
{
    [Parameter, EditorRequired]
    public required JsonRow Row { get; set; }
}
