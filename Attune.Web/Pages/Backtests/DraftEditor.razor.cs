using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Backtests;

/// <summary>The conditions of a draft as text, and what is wrong with them.</summary>
public sealed partial class DraftEditor
{
    /// <summary>The longest text; a message of the browser's has to hold it.</summary>
    public const int Most = 50_000;

    private const int FewestRows = 8;
    private const int MostRows = 24;

    [Parameter, EditorRequired]
    public required string Text { get; set; }

    [Parameter]
    public EventCallback<string> TextChanged { get; set; }

    [Parameter, EditorRequired]
    public required ConditionJoin Join { get; set; }

    [Parameter]
    public EventCallback<ConditionJoin> JoinChanged { get; set; }

    [Parameter]
    public DraftMistake? Mistake { get; set; }

    /// <summary>The reader wants the conditions of the rule again.</summary>
    [Parameter]
    public EventCallback Reset { get; set; }

    private int Rows => Math.Clamp(Text.Count(character => character == '\n') + 2, FewestRows, MostRows);

    private Task ChangedAsync(ChangeEventArgs changed) => TextChanged.InvokeAsync(changed.Value as string ?? "");
}
