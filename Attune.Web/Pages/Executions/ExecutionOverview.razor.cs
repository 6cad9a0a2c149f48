using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Executions;

/// <summary>What an execution is, and how far it has come.</summary>
public sealed partial class ExecutionOverview
{
    [Parameter, EditorRequired]
    public required Execution Execution { get; set; }

    // What the action said last, as it said it.
    private string? Progress => Execution.Progress is { ValueKind: JsonValueKind.Object } said
        ? string.Join(" · ", new[] { Percent(said), Text(said) }.Where(part => part is not null)) is { Length: > 0 } words ? words : null
        : null;

    private static string? Percent(JsonElement said) =>
        said.TryGetProperty("percent", out var percent) && percent.ValueKind == JsonValueKind.Number ? $"{percent.GetRawText()} %" : null;

    private static string? Text(JsonElement said) =>
        said.TryGetProperty("text", out var text) && text.ValueKind == JsonValueKind.String ? Visible.Beginning(text.GetString()!, 500) : null;
}
