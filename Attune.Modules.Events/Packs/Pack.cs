using System.Text.Json;

namespace Attune.Modules.Events;

/// <summary>A named set of triggers, actions and rules.</summary>
public sealed record Pack
{
    /// <summary>The version of a pack that says none.</summary>
    public const string FirstVersion = "0.1.0";

    /// <summary>A letter a-z, and then letters a-z, digits, _ and -.</summary>
    public required string Ref { get; init; }

    public required string Label { get; init; }
    public string? Description { get; init; }
    public string Version { get; init; } = FirstVersion;

    /// <summary>An object, which templates read as <c>pack.config</c>; null for an empty one.</summary>
    public JsonElement? Config { get; init; }
}
