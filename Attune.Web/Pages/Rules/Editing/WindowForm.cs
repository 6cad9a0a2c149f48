using System.Globalization;
using System.Text.Json;

namespace Attune.Web.Pages.Rules.Editing;

/// <summary>How often a rule may match, or has to, as it is typed.</summary>
public sealed class WindowForm
{
    private const string AtMost = "at_most";

    /// <summary><c>at_most</c>, <c>at_least</c>, or empty for none.</summary>
    public string Kind { get; set; } = "";

    public string Count { get; set; } = "";
    public string Duration { get; set; } = "";

    /// <summary>Fields with commas between them.</summary>
    public string Per { get; set; } = "";

    public static WindowForm Of(JsonElement? window)
    {
        var form = new WindowForm();
        if (window is not { ValueKind: JsonValueKind.Object } given)
        {
            return form;
        }

        foreach (var member in given.EnumerateObject())
        {
            switch (member.Name)
            {
                case AtMost or "at_least":
                    (form.Kind, form.Count) = (member.Name, member.Value.GetRawText());
                    break;
                case "in":
                    form.Duration = member.Value.GetString() ?? "";
                    break;
                case "per" when member.Value.ValueKind == JsonValueKind.Array:
                    form.Per = string.Join(", ", member.Value.EnumerateArray().Select(path => path.GetString()));
                    break;
            }
        }

        return form;
    }

    /// <summary>As a rule has it; JSON null for none.</summary>
    public JsonElement Read()
    {
        if (Kind.Length == 0)
        {
            return JsonElement.Parse("null");
        }

        var window = new OrderedDictionary<string, object?>
        {
            [Kind] = int.TryParse(Count, NumberStyles.Integer, CultureInfo.InvariantCulture, out var count) ? count : Count,
            ["in"] = Duration,
        };
        if (Per.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } fields)
        {
            window["per"] = fields;
        }

        return JsonSerializer.SerializeToElement(window);
    }
}
