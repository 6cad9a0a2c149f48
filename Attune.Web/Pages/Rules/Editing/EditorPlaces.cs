using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>What is wrong in the editor of a rule, and where it stands.</summary>
internal static class EditorPlaces
{
    /// <summary>
    /// What keeps the form from being sent: what the server would say of it is about what was sent, and not about what stands in the fields.
    /// </summary>
    public static IEnumerable<RuleMistake> Missing(EditorState editor)
    {
        if (editor.TextMistake is { } text)
        {
            yield return new("text", $"The conditions' text cannot be read: {text.Message}");
        }

        foreach (var (row, what) in editor.Written.Incomplete)
        {
            yield return new(row.Key, row.Field.Length == 0 ? what : $"{row.Field}: {what}");
        }

        foreach (var (field, value, name) in ((string, string, string)[])
            [("ref", editor.Form.Ref, "Reference"), ("label", editor.Form.Label, "Label"),
             ("trigger_ref", editor.Form.Trigger, "Trigger"), ("action_ref", editor.Form.Action, "Action")])
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return new(field, $"{name} is missing.");
            }
        }
    }

    /// <summary>The id of the element that a mistake is about.</summary>
    public static string IdOf(RuleMistake mistake, EditorState editor) => mistake.Field switch
    {
        "ref" => "f-ref",
        "label" => "f-label",
        "description" => "f-about",
        "trigger_ref" => "f-trigger",
        "action_ref" or "action_params" => "f-action",
        "text" => "f-text",
        _ when mistake.Field.StartsWith("action_params.", StringComparison.Ordinal) => $"f-param-{mistake.Field.Split('.', '[')[1]}",
        _ when mistake.Field.StartsWith("trigger_params.", StringComparison.Ordinal) => $"f-trigger-{mistake.Field.Split('.', '[')[1]}",
        _ when mistake.Field.StartsWith("window", StringComparison.Ordinal) => "f-window",
        _ when editor.Written.At(mistake.Field) is { } row => row.Key,
        _ when mistake.Field.StartsWith("conditions", StringComparison.Ordinal) => "f-text",
        var key => key,
    };
}
