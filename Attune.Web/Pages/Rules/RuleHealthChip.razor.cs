using Attune.Modules.Enforcements;
using Attune.Web.Shared;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>What was found of a rule, in a word that leads to all of it; nothing where nothing was found.</summary>
public sealed partial class RuleHealthChip
{
    [Parameter, EditorRequired]
    public required IReadOnlyList<RuleFinding> Findings { get; set; }

    // The kinds stand by how much they matter.
    private (string Text, Tone Tone) Word
    {
        get
        {
            var worst = Findings.Min(finding => finding.Kind);
            var others = Findings.Count == 1 ? "" : $" +{Findings.Count - 1}";
            return (RuleFindings.Word(worst) + others, RuleFindings.IsFailure(worst) ? Tone.Bad : Tone.Caution);
        }
    }

    private string Messages => string.Join('\n', Findings.Select(finding => $"{RuleFindings.Word(finding.Kind)}: {Visible.Text(finding.Message)}"));
}
