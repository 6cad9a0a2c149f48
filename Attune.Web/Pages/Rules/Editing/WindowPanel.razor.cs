using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>How often the rule may match, or has to.</summary>
public sealed partial class WindowPanel
{
    [Parameter, EditorRequired]
    public required EditorState Editor { get; set; }

    private WindowForm Form => Editor.Form.Window;

    private string About => Editor.Trial?.Window is { } words ? $"A match passes {words}; others are held back and counted."
        : "A window holds matches back, such as all but one in five minutes for each host.";

    private void Set(Action<string> set, string? text)
    {
        set(text ?? "");
        Editor.Touch();
    }
}
