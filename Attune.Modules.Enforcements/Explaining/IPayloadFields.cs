using System.Text.Json;

namespace Attune.Modules.Enforcements;

/// <summary>What the payloads of a trigger look like, learned from its newest events.</summary>
public interface IPayloadFields
{
    /// <summary>The newest events that are looked at, at most.</summary>
    public const int MostEvents = 50;

    /// <summary>Larger payloads are left out, in bytes as they are stored.</summary>
    public const int LargestPayload = 64 * 1024;

    /// <summary>The paths of the newest payloads of a trigger; empty where it has not fired.</summary>
    Task<PayloadFields> ReadAsync(string triggerRef, CancellationToken cancellationToken);
}

/// <summary>The paths of some payloads.</summary>
public sealed record PayloadFields
{
    public const int MostFields = 400;

    public required string TriggerRef { get; init; }

    /// <summary>How many events were looked at.</summary>
    public required int Events { get; init; }

    /// <summary>By path, those of an item beside those of its list.</summary>
    public required IReadOnlyList<PayloadField> Fields { get; init; }
}

/// <summary>One path, and what has been there.</summary>
public sealed record PayloadField
{
    /// <summary>As a condition spells it, such as <c>alerts[*].status</c>.</summary>
    public required string Path { get; init; }

    /// <summary><c>text</c>, <c>number</c>, <c>truth</c>, <c>null</c>, <c>list</c>, <c>object</c>: what was there, the most frequent first.</summary>
    public required IReadOnlyList<string> Types { get; init; }

    /// <summary>Some values, the newest first; none of lists and objects.</summary>
    public required IReadOnlyList<JsonElement> Examples { get; init; }

    /// <summary>How many of the events have it.</summary>
    public required int Events { get; init; }

    /// <summary>The newest event that has it.</summary>
    public required long LastEvent { get; init; }
}
