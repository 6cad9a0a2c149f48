using System.Text.Json;

namespace Attune.Modules.Enforcements;

/// <summary>One condition, tested.</summary>
public sealed record ExplainedCondition
{
    /// <summary>The field as the rule spells it.</summary>
    public required string Field { get; init; }

    /// <summary>Where it was looked for, such as <c>event.payload.user.name</c>.</summary>
    public required string Path { get; init; }

    public required string Operator { get; init; }

    /// <summary>What the operator compares with; null for one that compares with nothing.</summary>
    public JsonElement? Expected { get; init; }

    /// <summary>Whether anything is at the path; a JSON null is something.</summary>
    public required bool Found { get; init; }

    /// <summary>What is at the path; null when nothing is.</summary>
    public JsonElement? Actual { get; init; }

    public required Verdict Verdict { get; init; }
}
