namespace Attune.Modules.Enforcements.Rules.Conditions;

/// <summary>An operator.</summary>
/// <param name="Name">Its name in JSON and in the text form.</param>
/// <param name="Compile">Makes its test of an operand.</param>
internal sealed record ConditionOperator(string Name, Func<Operand, ConditionTest> Compile)
{
    /// <summary>How the text form writes it; null where that is its name.</summary>
    public string? Symbol { get; init; }

    public required Takes Takes { get; init; }
}

/// <summary>What may be said beside an operator.</summary>
[Flags]
internal enum Takes
{
    Value = 0,

    /// <summary>Another path in place of a value.</summary>
    Field = 1,

    /// <summary><c>ignore_case</c>.</summary>
    Case = 2,

    /// <summary><c>as</c>.</summary>
    Cast = 4,

    /// <summary>No value at all.</summary>
    Nothing = 8,

    /// <summary>A value, compared with the event's instant.</summary>
    Instant = 16,
}
