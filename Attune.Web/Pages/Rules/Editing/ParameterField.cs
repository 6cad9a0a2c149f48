using System.Text.Json;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>One parameter of an action or of a timer, as it is typed.</summary>
public sealed class ParameterField
{
    private JsonElement? _given;
    private string _givenText = "";

    public required string Name { get; init; }

    /// <summary>As a schema spells it; <c>any</c> where it says nothing.</summary>
    public string Type { get; init; } = "any";

    public bool IsRequired { get; init; }

    /// <summary>Its value is written here and never shown again.</summary>
    public bool IsSecret { get; init; }

    public string? Description { get; init; }

    /// <summary>What it is when nothing is said.</summary>
    public JsonElement? Default { get; init; }

    public IReadOnlyList<JsonElement> Choices { get; init; } = [];

    /// <summary>Whether the schema names it; another one can be taken away.</summary>
    public bool IsKnown { get; init; } = true;

    public string Text { get; set; } = "";

    /// <summary>Whether a secret is stored that stays as long as nothing is typed.</summary>
    public bool KeepsSecret => IsSecret && _given is not null && Text.Length == 0;

    public string Placeholder => KeepsSecret ? "Stays as it is"
        : Default is { } standard ? $"{OperandText.Of(standard)} if nothing is said"
        : Type switch { "object" => "{\"key\": \"value\"}", "array" => "[\"a\", \"b\"]", _ => "" };

    /// <summary>Takes over what a rule says.</summary>
    public void Give(JsonElement? value)
    {
        _given = value;
        _givenText = Text = value is { } given && !IsSecret ? Shown(given) : "";
    }

    /// <summary>What it says; null for nothing.</summary>
    public JsonElement? Read()
    {
        if (KeepsSecret || (!IsSecret && Text == _givenText && _given is not null))
        {
            return _given;
        }

        if (Text.Length == 0)
        {
            return null;
        }

        return Type == "string" || Text.Contains("{{", StringComparison.Ordinal) && !IsJson(Text)
            ? JsonSerializer.SerializeToElement(Text)
            : OperandText.Parse(Text) ?? JsonSerializer.SerializeToElement(Text);
    }

    private static bool IsJson(string text) => text.TrimStart() is ['[' or '"', ..] or ['{', not '{', ..];

    // Of any type, a text that would be read as something else is quoted.
    private string Shown(JsonElement value) => value.ValueKind == JsonValueKind.String
        && (Type == "string" || OperandText.Parse(value.GetString()!) is null)
            ? value.GetString()!
            : OperandText.Of(value);
}
