using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>A version of a rule; what it says is read when it is opened, since it may be large, and a rule may have many.</summary>
public sealed partial class VersionPanel
{
    private RuleVersion? _text;
    private RuleVersion? _earlier;
    private ParameterSecrets _secrets = ParameterSecrets.ByName;

    [Parameter, EditorRequired]
    public required RuleVersionSummary Version { get; set; }

    /// <summary>Where it can be tried.</summary>
    [Parameter, EditorRequired]
    public required string Backtest { get; set; }

    /// <summary>Makes it what the rule says again; null where it cannot be.</summary>
    [Parameter]
    public Func<RuleVersion, Task>? Restore { get; set; }

    [Inject]
    public required IRuleRepository Rules { get; init; }

    [Inject]
    public required IParameterSecrets Secrets { get; init; }

    // As it is stored: what is shown of it may leave something out.
    private async Task RestoreAsync(int number)
    {
        if (await Rules.FindVersionAsync(Version.Rule, number, Leaving) is { } stored)
        {
            await Restore!(stored);
        }
    }

    // A version never changes: once is enough.
    private async Task ToggleAsync()
    {
        if (_text is null)
        {
            _secrets = await Secrets.OfAsync(Version.ActionRef, Leaving);
            _earlier = await FindAsync(Version.Version - 1);
            _text = await FindAsync(Version.Version);
        }
    }

    // Compared without its secrets, a version still tells that one of them was changed.
    private async Task<RuleVersion?> FindAsync(int number) =>
        await Rules.FindVersionAsync(Version.Rule, number, Leaving) is { } version
            ? version with { ActionParams = (await Secrets.OfAsync(version.ActionRef, Leaving)).HideToCompare(version.ActionParams)!.Value }
            : null;
}
