using System.Text.Json;
using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>A parameter that is typed, and what the event beside makes of it.</summary>
public sealed partial class ParameterInput
{
    private const int MostRows = 10;

    [Parameter, EditorRequired]
    public required ParameterField Field { get; set; }

    [Parameter, EditorRequired]
    public required string Id { get; set; }

    [Parameter]
    public string? Mistake { get; set; }

    /// <summary>What it comes to; null while that is not known.</summary>
    [Parameter]
    public TriedParameter? Tried { get; set; }

    [Parameter, EditorRequired]
    public required System.Action Changed { get; set; }

    /// <summary>Takes it away; null where it stays.</summary>
    [Parameter]
    public System.Action? Remove { get; set; }

    private string? Invalid => Mistake is null ? null : "true";

    private bool IsTemplate =>
        Field.Text.Contains("{{", StringComparison.Ordinal) || Field.Text.Contains("{%", StringComparison.Ordinal);

    private int Rows => Math.Clamp(Field.Text.Count(character => character == '\n') + 1, 1, MostRows);

    private IEnumerable<string> Choices => Field.Type == "boolean" ? ["true", "false"] : Field.Choices.Select(
        choice => choice.ValueKind == JsonValueKind.String ? choice.GetString()! : choice.GetRawText());

    private void Typed(string? text)
    {
        Field.Text = text ?? "";
        Changed();
    }
}
