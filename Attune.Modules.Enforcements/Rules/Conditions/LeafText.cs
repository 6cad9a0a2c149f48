using System.Text.Json;

namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>A condition as it is written, in JSON or as text.</summary>
internal sealed record LeafText
{
    public required FieldPath Field { get; init; }
    public required ConditionOperator Operator { get; init; }

    /// <summary>What it compares with; null when there is none, or it is another path.</summary>
    public JsonElement? Value { get; init; }

    public FieldPath? Other { get; init; }
    public bool IgnoreCase { get; init; }
    public Cast Cast { get; init; }
    public Quantifier Quantifier { get; init; }
}

/// <summary>How many of the values that a path with <c>[*]</c> leads to have to pass.</summary>
internal enum Quantifier
{
    Any,

    /// <summary>Each of them; there may be none.</summary>
    All,

    /// <summary>None of them.</summary>
    None,
}
