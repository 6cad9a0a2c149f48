using Microsoft.AspNetCore.Components;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>A group of conditions, with the groups in it.</summary>
public sealed partial class GroupView
{
    [Parameter, EditorRequired]
    public required FormGroup Group { get; set; }

    [Parameter, EditorRequired]
    public required EditorState Editor { get; set; }

    // The outermost one is joined by the rule's own condition, which denies nothing.
    private IReadOnlyList<GroupKind> Kinds => Group.Parent is null ? [GroupKind.All, GroupKind.Any] : Enum.GetValues<GroupKind>();

    private string Name => Group.Parent is null ? "Conditions" : $"Group: {Word(Group.Kind)}";

    private static string Word(GroupKind kind) => kind switch
    {
        GroupKind.All => "All of these hold",
        GroupKind.Any => "Any of these holds",
        GroupKind.None => "None of these holds",
        _ => "Not all of these hold",
    };

    private void ChooseKind(GroupKind kind)
    {
        if (Kinds.Contains(kind))
        {
            Group.Kind = kind;
            Editor.TouchConditions();
        }
    }

    private void AddRow()
    {
        Editor.Focus = Group.Add(new FormRow()).Key;
        Editor.TouchConditions();
    }

    private void AddGroup()
    {
        var group = Group.Add(new FormGroup { Kind = Group.Kind is GroupKind.Any ? GroupKind.All : GroupKind.Any });
        Editor.Focus = group.Add(new FormRow()).Key;
        Editor.TouchConditions();
    }

    private void Move(bool up)
    {
        Group.Parent!.Move(Group, up);
        Editor.Focus = Group.Key;
        Editor.TouchConditions();
    }

    private void Remove()
    {
        var parent = Group.Parent!;
        Editor.Focus = parent.Remove(Group)?.Key ?? $"{Editor.Form.Conditions.Key}-add";
        Editor.TouchConditions();
    }
}
