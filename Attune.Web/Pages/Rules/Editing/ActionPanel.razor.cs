using Attune.Modules.Enforcements;
using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>The action and its parameters, each as the event beside fills it in.</summary>
public sealed partial class ActionPanel
{
    private string? _name;

    [Parameter, EditorRequired]
    public required EditorState Editor { get; set; }

    [Parameter, EditorRequired]
    public required IReadOnlyList<ActionSummary> Actions { get; set; }

    /// <summary>Another action has been named; its parameters are the page's to read.</summary>
    [Parameter, EditorRequired]
    public required Func<string, Task> Chosen { get; set; }

    private string? About => Actions.FirstOrDefault(one => one.Ref == Editor.Form.Action)?.Description;

    private Task<IReadOnlyList<string>> Known(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. Actions.Select(one => one.Ref)]);

    private string? LabelOf(string action) => Actions.FirstOrDefault(one => one.Ref == action)?.Label;

    private Task ChooseAsync(string? action) => Chosen((action ?? "").Trim());

    private void AddParameter()
    {
        if (_name?.Trim() is { Length: > 0 } name && !Editor.Form.Parameters.Exists(one => one.Name == name))
        {
            Editor.Form.Parameters.Add(new() { Name = name, IsKnown = false });
            Editor.Focus = $"f-param-{name}";
            Editor.Touch();
        }

        _name = null;
    }

    private void Remove(ParameterField field)
    {
        Editor.Form.Parameters.Remove(field);
        Editor.Focus = "f-action";
        Editor.Touch();
    }
}
