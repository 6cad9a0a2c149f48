using System.Text.Json;
using Attune.Web.Shared;

namespace Attune.Web.Pages.Actions;

/// <summary>An action in words.</summary>
public static class ActionWords
{
    /// <summary>How long an execution may take.</summary>
    public static string Limit(int? seconds) => seconds is { } limit ? Format.Duration(TimeSpan.FromSeconds(limit)) : "None";

    /// <summary>What a schema says of each parameter.</summary>
    public static IReadOnlyList<ParameterRow> Rows(JsonElement? schema) =>
        schema is not { ValueKind: JsonValueKind.Object } given ? []
            :
            [
                .. given.EnumerateObject().Where(entry => entry.Value.ValueKind == JsonValueKind.Object)
                    .Select(entry => Row(entry.Name, entry.Value)),
            ];

    private static ParameterRow Row(string name, JsonElement said) => new(
        name,
        Text(said, "type") ?? "any",
        Flag(said, "required"),
        Flag(said, "secret"),
        said.TryGetProperty("default", out var standard) && standard.ValueKind != JsonValueKind.Null ? standard.GetRawText() : null,
        Values(said),
        Text(said, "description"));

    private static string? Values(JsonElement said)
    {
        if (said.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array)
        {
            return string.Join(", ", choices.EnumerateArray().Select(choice => choice.ToString()));
        }

        var least = said.TryGetProperty("minimum", out var minimum) ? minimum.ToString() : null;
        var most = said.TryGetProperty("maximum", out var maximum) ? maximum.ToString() : null;
        return (least, most) switch
        {
            (null, null) => null,
            (not null, not null) => $"{least} to {most}",
            (not null, null) => $"{least} or more",
            _ => $"up to {most}",
        };
    }

    private static string? Text(JsonElement said, string name) =>
        said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Flag(JsonElement said, string name) =>
        said.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;
}

/// <summary>What is said of a parameter.</summary>
public sealed record ParameterRow(
    string Name, string Type, bool IsRequired, bool IsSecret, string? Default, string? Values, string? Description);
