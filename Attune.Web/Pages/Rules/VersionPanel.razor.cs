using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>A version of a rule; what it says is read when it is opened, since it may be large, and a rule may have many.</summary>
public sealed partial class VersionPanel
{
    private RuleVersion? _text;
    private RuleVersion? _earlier;

    [Parameter, EditorRequired]
    public required RuleVersionSummary Version { get; set; }

    /// <summary>Where it can be tried.</summary>
    [Parameter, EditorRequired]
    public required string Backtest { get; set; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    // A version never changes: once is enough.
    private async Task ToggleAsync()
    {
        if (_text is null)
        {
            _earlier = await Rules.FindVersionAsync(Version.Rule, Version.Version - 1, Leaving);
            _text = await Rules.FindVersionAsync(Version.Rule, Version.Version, Leaving);
        }
    }
}
