using System.Text.Json;
using Attune.Modules.Events;

namespace Attune.Modules.Enforcements.Rules.Evaluation;

/// <summary>What is known of an event before it is written: all of it but its id and its instant.</summary>
internal sealed record EventFacts
{
    public required string TriggerRef { get; init; }
    public JsonElement? Payload { get; init; }

    /// <summary>What was said outside the payload.</summary>
    public JsonElement? Config { get; init; }

    public string? SourceRef { get; init; }

    /// <summary>The one rule it is meant for; null when every rule of the trigger is asked.</summary>
    public RuleTarget? Target { get; init; }

    /// <summary>The references of the rules that alone are asked; null when every rule of the trigger is.</summary>
    public IReadOnlyList<string>? OnlyRules { get; init; }

    /// <summary>Whether a rule of the trigger is asked about it.</summary>
    public bool Asks(long rule, string reference) =>
        (Target is not { } target || target.Id == rule) && (OnlyRules is not { } only || only.Contains(reference, StringComparer.Ordinal));
}
