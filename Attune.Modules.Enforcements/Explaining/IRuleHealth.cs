using System.Text.Json.Serialization;

namespace Attune.Modules.Enforcements;

/// <summary>Looks over all rules for what somebody would want to know of and nobody looks for.</summary>
public interface IRuleHealth
{
    /// <summary>What was found. It is looked for at most every half minute, however many ask.</summary>
    Task<RuleHealthReport> ReadAsync(CancellationToken cancellationToken);
}

/// <summary>What was found of the rules.</summary>
public sealed record RuleHealthReport
{
    /// <summary>How many days back matches and events are counted.</summary>
    public const int Days = 30;

    /// <summary>The rules that are looked at, at most.</summary>
    public const int MostRules = 2_000;

    /// <summary>The triggers whose payloads are looked at, at most; the others' paths are not checked.</summary>
    public const int MostTriggers = 100;

    /// <summary>When it was looked for.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How many rules were looked at: those that are enabled or shadows.</summary>
    public required int Rules { get; init; }

    /// <summary>By rule.</summary>
    public required IReadOnlyList<RuleFinding> Findings { get; init; }

    /// <summary>What could not be looked for in time; what it would have found is not among the findings.</summary>
    public IReadOnlyList<RuleFindingKind> LeftOut { get; init; } = [];
}

/// <summary>What may be wrong with a rule.</summary>
public enum RuleFindingKind
{
    /// <summary>It is paused, or could not be evaluated for some events.</summary>
    CannotBeEvaluated,

    /// <summary>Executions that it asked for fail.</summary>
    FailingExecutions,

    /// <summary>It matched, and does no longer, though events come.</summary>
    StoppedMatching,

    /// <summary>A path of its conditions leads to nothing in the newest payloads.</summary>
    MissingPath,

    /// <summary>It has not matched any event.</summary>
    NeverMatched,

    /// <summary>Its trigger has not fired.</summary>
    SilentTrigger,

    /// <summary>It matches nearly everything, or many times as often as before.</summary>
    MatchesTooOften,

    /// <summary>Another rule matches the same events.</summary>
    Twin,
}

/// <summary>Something that was found of a rule.</summary>
public sealed record RuleFinding
{
    public required string RuleRef { get; init; }
    public required string TriggerRef { get; init; }
    public required RuleFindingKind Kind { get; init; }

    /// <summary>What was found, for a person to read.</summary>
    public required string Message { get; init; }

    /// <summary>The rule that matches the same events.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OtherRule { get; init; }

    /// <summary>The path that leads to nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Path { get; init; }
}
