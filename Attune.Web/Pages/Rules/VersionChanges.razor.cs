using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules;

/// <summary>What a version of a rule says otherwise than the one before it.</summary>
public sealed partial class VersionChanges
{
    private IReadOnlyList<FieldChange> _changes = [];

    [Parameter, EditorRequired]
    public required RuleVersion Version { get; set; }

    /// <summary>The version before it; null when there is none.</summary>
    [Parameter, EditorRequired]
    public required RuleVersion? Earlier { get; set; }

    protected override void OnParametersSet() => _changes = Earlier is null ? [] : Version.ChangesSince(Earlier);
}
