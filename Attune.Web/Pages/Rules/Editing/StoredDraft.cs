using System.Text.Json;
using System.Text.Json.Serialization;
using Attune.Modules.Enforcements;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>What the browser keeps of a form that has not been saved. Secrets are left out.</summary>
public sealed record StoredDraft
{
    private static readonly JsonSerializerOptions Options = new()
    {
        MaxDepth = 128, Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    };

    public string Ref { get; init; } = "";
    public string Label { get; init; } = "";
    public string Description { get; init; } = "";
    public string Trigger { get; init; } = "";
    public Dictionary<string, string> TriggerFields { get; init; } = [];
    public string Action { get; init; } = "";
    public Dictionary<string, string> Parameters { get; init; } = [];
    public RuleState State { get; init; }
    public WindowForm Window { get; init; } = new();
    public FormGroup Conditions { get; init; } = new();
    public string Text { get; init; } = "";

    /// <summary>Conditions that no form shows, unchanged.</summary>
    public JsonElement? Unshown { get; init; }

    public string? OnlyText { get; init; }

    /// <summary>The version that it was made from; null for a rule that is to be made.</summary>
    public int? Version { get; init; }

    public DateTimeOffset At { get; init; }

    public static StoredDraft Of(RuleForm form, int? version, DateTimeOffset at) => new()
    {
        Ref = form.Ref,
        Label = form.Label,
        Description = form.Description,
        Trigger = form.Trigger,
        TriggerFields = Texts(form.TriggerFields),
        Action = form.Action,
        Parameters = Texts(form.Parameters),
        State = form.State,
        Window = form.Window,
        Conditions = form.Conditions,
        Text = form.Text,
        Unshown = form.Unshown,
        OnlyText = form.OnlyText,
        Version = version,
        At = at,
    };

    /// <summary>What the browser has kept; null when it is none, or of another release.</summary>
    public static StoredDraft? Parse(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize<StoredDraft>(json, Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    /// <summary>Puts it into a form, whose parameters are those of its trigger and its action already.</summary>
    public void Fill(RuleForm form)
    {
        (form.Ref, form.Label, form.Description, form.State) = (Ref, Label, Description, State);
        (form.Trigger, form.Action, form.Window, form.Text) = (Trigger, Action, Window, Text);
        form.Conditions = Conditions.Linked();
        (form.OnlyText, form.Unshown) = (OnlyText, Unshown);
        Fill(form.TriggerFields, TriggerFields);
        Fill(form.Parameters, Parameters);
    }

    private static void Fill(List<ParameterField> fields, Dictionary<string, string> texts)
    {
        foreach (var (name, text) in texts)
        {
            var field = fields.Find(one => one.Name == name);
            if (field is null)
            {
                fields.Add(field = new() { Name = name, IsKnown = false });
            }

            field.Text = field.IsSecret ? field.Text : text;
        }

        // What was emptied in it is empty.
        foreach (var field in fields.Where(field => !field.IsSecret && !texts.ContainsKey(field.Name)))
        {
            field.Text = "";
        }
    }

    private static Dictionary<string, string> Texts(List<ParameterField> fields) => fields
        .Where(field => !field.IsSecret && field.Text.Length > 0).DistinctBy(field => field.Name)
        .ToDictionary(field => field.Name, field => field.Text);
}
