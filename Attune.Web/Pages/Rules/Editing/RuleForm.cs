using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>A rule as somebody edits it: what stands in the fields, whether or not it could be saved.</summary>
public sealed class RuleForm
{
    public string Ref { get; set; } = "";
    public string Label { get; set; } = "";
    public string Description { get; set; } = "";
    public string Trigger { get; set; } = "";
    public List<ParameterField> TriggerFields { get; set; } = [];
    public string Action { get; set; } = "";
    public List<ParameterField> Parameters { get; set; } = [];
    public RuleState State { get; set; }
    public WindowForm Window { get; set; } = new();
    public FormGroup Conditions { get; set; } = new();

    /// <summary>The conditions as text. It may be ahead of the form, where it cannot be read.</summary>
    public string Text { get; set; } = "";

    /// <summary>Why the conditions cannot be shown as a form; null where they can.</summary>
    public string? OnlyText { get; set; }

    /// <summary>The conditions as they were read, for those that no form shows and nobody has changed.</summary>
    public JsonElement? Unshown { get; set; }

    public static RuleForm Of(Rule rule, JsonElement? actionSchema)
    {
        var form = new RuleForm
        {
            Ref = rule.Ref,
            Label = rule.Label,
            Description = rule.Description ?? "",
            Trigger = rule.TriggerRef,
            TriggerFields = ParameterFields.Of(ParameterFields.OfTimer(rule.TriggerRef), rule.TriggerParams),
            Action = rule.ActionRef,
            Parameters = ParameterFields.Of(actionSchema, rule.ActionParams),
            State = rule.State,
            Window = WindowForm.Of(rule.Window),
        };
        form.Show(rule.Conditions, rule.Condition, rule.Expression ?? "");
        return form;
    }

    /// <summary>Puts conditions into the form, or says why they stay text.</summary>
    public void Show(JsonElement conditions, ConditionJoin join, string text)
    {
        (var read, OnlyText) = FormReader.Read(conditions, join);
        Conditions = read ?? new();
        Unshown = read is null ? conditions : null;
        Text = text;
    }

    /// <summary>What a trial is asked of.</summary>
    internal RuleTrialRequest ToTrial(WrittenForm written, long? onEvent) => new()
    {
        Ref = Ref,
        TriggerRef = Trigger,
        TriggerParams = ParameterFields.Read(TriggerFields),
        ActionRef = Action.Length == 0 ? null : Action,
        ActionParams = ParameterFields.Read(Parameters),
        Condition = written.Join,
        Conditions = Unshown ?? written.Json,
        Window = Window.Read(),
        Event = onEvent,
    };

    internal NewRule ToRule(WrittenForm written) => new()
    {
        Ref = Ref.Trim(),
        Label = Label.Trim(),
        Description = Description.Trim() is { Length: > 0 } about ? about : null,
        TriggerRef = Trigger.Trim(),
        TriggerParams = ParameterFields.Read(TriggerFields),
        ActionRef = Action.Trim(),
        ActionParams = ParameterFields.Read(Parameters),
        Condition = written.Join,
        Conditions = Unshown ?? written.Json,
        Window = Window.Read(),
        State = State,
    };

    /// <summary>What of it is otherwise than a rule says: what nobody has touched stays, whoever changes it meanwhile.</summary>
    internal RuleUpdate ChangesOf(Rule rule, WrittenForm written)
    {
        var now = ToRule(written);
        var conditions = now.Conditions!.Value;
        var isSame = now.Condition == rule.Condition && JsonElement.DeepEquals(conditions, rule.Conditions);
        return new()
        {
            Label = now.Label == rule.Label ? null : now.Label,
            Description = (now.Description ?? "") == (rule.Description ?? "") ? null : now.Description ?? "",
            TriggerRef = now.TriggerRef == rule.TriggerRef ? null : now.TriggerRef,
            TriggerParams = Same(now.TriggerParams, rule.TriggerParams) ? null : now.TriggerParams,
            ActionRef = now.ActionRef == rule.ActionRef ? null : now.ActionRef,
            ActionParams = Same(now.ActionParams, rule.ActionParams) ? null : now.ActionParams,
            Condition = isSame ? null : now.Condition,
            Conditions = isSame ? null : conditions,
            Window = Same(now.Window, rule.Window ?? JsonElement.Parse("null")) ? null : now.Window,
            State = State == rule.State ? null : State,
        };
    }

    private static bool Same(JsonElement? one, JsonElement? other) =>
        one is { } left && other is { } right && JsonElement.DeepEquals(left, right);
}
