using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>What a remote worker says of itself when it registers.</summary>
internal sealed partial record WorkerRegistration
{
    private const int MostActions = 1000;
    private const int ShortestToken = 16;
    private const int LongestToken = 200;

    public required string Name { get; init; }
    public required string Type { get; init; }
    public required string Role { get; init; }
    public string? Host { get; init; }
    public int? Port { get; init; }
    public required JsonElement Capabilities { get; init; }
    public JsonElement? Meta { get; init; }

    /// <summary>The secret that shows whose the name is; null to be given one.</summary>
    public string? Token { get; init; }

    /// <exception cref="RefusedException">A value cannot be accepted; the field names it.</exception>
    public static WorkerRegistration Of(
        string? name, string? type, string? role, string? host, int? port, string[]? actions, JsonElement? capabilities, JsonElement? meta,
        string? token)
    {
        if (name is null || !NameShape.IsMatch(name))
        {
            throw RefusedException.Invalid(
                "name", "name must be 1 to 100 letters a-z and A-Z, digits, and any of . _ : -, and begin with a letter or digit.");
        }

        if (type is not (null or "remote" or "container"))
        {
            throw RefusedException.Invalid("worker_type", "worker_type must be remote or container.");
        }

        if (role is not (null or "action" or "hybrid"))
        {
            throw RefusedException.Invalid("worker_role", "worker_role must be action or hybrid.");
        }

        if (port is < 1 or > 65_535)
        {
            throw RefusedException.Invalid("port", "port must be a whole number from 1 to 65535.");
        }

        if (token is { Length: < ShortestToken or > LongestToken })
        {
            throw RefusedException.Invalid(
                "token", $"token must be a secret text of {ShortestToken} to {LongestToken} characters, or left out.");
        }

        StorableText.Check(host, "host", 255, required: false);
        CheckObject(JsonValues.Given(capabilities), "capabilities");
        CheckObject(JsonValues.Given(meta), "meta");
        var known = actions ?? ActionsOf(capabilities) ?? [];
        CheckActions(known);
        return new()
        {
            Name = name,
            Type = type ?? "remote",
            Role = role ?? "action",
            Host = host,
            Port = port,
            Capabilities = With(capabilities, known),
            Meta = JsonValues.Given(meta),
            Token = token,
        };
    }

    /// <summary>Passes for references of actions, whether or not they are there.</summary>
    /// <exception cref="RefusedException">One is none.</exception>
    public static void CheckActions(string[] actions)
    {
        if (actions.Length > MostActions)
        {
            throw RefusedException.Invalid("actions", $"actions must be at most {MostActions}.");
        }

        for (var index = 0; index < actions.Length; index++)
        {
            Reference.Check(actions[index], $"actions[{index}]");
        }
    }

    /// <summary>The references that a worker's capabilities name; null when they name none.</summary>
    public static string[]? ActionsOf(JsonElement? capabilities) =>
        capabilities is { ValueKind: JsonValueKind.Object } given
        && given.TryGetProperty("actions", out var actions) && actions.ValueKind == JsonValueKind.Array
        && actions.EnumerateArray().All(action => action.ValueKind == JsonValueKind.String)
            ? [.. actions.EnumerateArray().Select(action => action.GetString()!)]
            : null;

    private static void CheckObject(JsonElement? value, string field)
    {
        if (value is not { } given)
        {
            return;
        }

        if (given.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Invalid(field, $"{field} must be an object.");
        }

        StorableJson.Check(given, field);
    }

    private static JsonElement With(JsonElement? capabilities, string[] actions) => JsonElement.Parse(RenderedJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        if (capabilities is { ValueKind: JsonValueKind.Object } given)
        {
            foreach (var member in given.EnumerateObject().Where(member => member.Name != "actions"))
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteStartArray("actions");
        foreach (var action in actions.Distinct())
        {
            writer.WriteStringValue(action);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }));

    // Without a slash: the names of built-in workers have one.
    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameShape { get; }
}
