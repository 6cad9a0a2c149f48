using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>What a rule is called, what it is asked about, and whether it is.</summary>
public sealed partial class BasicsPanel
{
    [Parameter, EditorRequired]
    public required EditorState Editor { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<string> Triggers { get; set; }

    /// <summary>Whether the rule is to be made: only then has it no reference yet.</summary>
    [Parameter]
    public bool IsNew { get; set; }

    /// <summary>Another trigger has been named; what is known of it is the page's to read.</summary>
    [Parameter, EditorRequired]
    public required Func<string, Task> TriggerChosen { get; set; }

    private bool IsTimer => TimerTriggers.All.Contains(Editor.Form.Trigger);

    private static string About(RuleState state) => state switch
    {
        RuleState.Enabled => "Its action runs for each match.",
        RuleState.Shadow => "Matches are recorded, and nothing runs.",
        _ => "It is not asked.",
    };

    private string? Invalid(string field) => Editor.Mistake(field) is null ? null : "true";

    private Task<IReadOnlyList<string>> Known(CancellationToken cancellationToken) => Task.FromResult(Triggers);

    private Task ChooseTriggerAsync(string? trigger) => TriggerChosen((trigger ?? "").Trim());

    private void Set(Action<string> set, string? text)
    {
        set(text ?? "");
        Editor.Touch();
    }
}
