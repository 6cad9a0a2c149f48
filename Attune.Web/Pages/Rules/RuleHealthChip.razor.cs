using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>What was found of a rule, in a word that leads to all of it; nothing where nothing was found.</summary>
public sealed partial class RuleHealthChip
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<RuleFinding> Found { get; set; }

    // The kinds stand by how much they matter.
    private (string Text, Tone Tone) Word
    {
        get
        {
            var worst = Found.Min(finding => finding.Kind);
            var others = Found.Count == 1 ? "" : $" +{Found.Count - 1}";
            return (RuleFindings.Word(worst) + others, RuleFindings.IsFailure(worst) ? Tone.Bad : Tone.Caution);
        }
    }

    private string Messages => string.Join('\n', Found.Select(finding => $"{RuleFindings.Word(finding.Kind)}: {Visible.Text(finding.Message)}"));
}
