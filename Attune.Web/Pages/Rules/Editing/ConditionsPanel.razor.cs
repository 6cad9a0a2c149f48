using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>The conditions as a form and as text, in step.</summary>
public sealed partial class ConditionsPanel
{
    private const int MostRows = 12;
    private const int CharactersARow = 80;

    [Parameter, EditorRequired]
    public required EditorState Editor { get; set; }

    private int Rows => Math.Clamp(Editor.Form.Text.Split('\n').Sum(line => 1 + (line.Length / CharactersARow)), 2, MostRows);

    // The place stands before it already.
    private static string Said(RuleMistake mistake) =>
        mistake.Line is null ? mistake.Message : mistake.Message[(mistake.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..];

    private void Typed(string? text) => Editor.TouchText(text ?? "");
}
