using Attune.Db;

namespace Attune.Modules.Enforcements;

/// <summary>A rule was made, changed, switched or deleted.</summary>
public sealed record RuleChange
{
    public required long Rule { get; init; }
    public required string RuleRef { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>The version that began; null where the rule was switched or deleted.</summary>
    public int? Version { get; init; }

    /// <summary>The fields that the version says otherwise than the one before; none for the first.</summary>
    public IReadOnlyList<string> Changed { get; init; } = [];

    /// <summary><c>enabled</c>, <c>shadow</c>, <c>disabled</c>, <c>paused</c> or <c>deleted</c>; null where it was made or changed.</summary>
    public string? State { get; init; }

    /// <summary>The state before; null where it is not known.</summary>
    public string? StateBefore { get; init; }
}

/// <summary>Which changes of rules to list; those that are set all hold.</summary>
public sealed record RuleChangeFilter
{
    public string? RuleRef { get; init; }

    /// <summary>Of rules that had this trigger in one of their versions.</summary>
    public string? TriggerRef { get; init; }

    /// <summary>At or after.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Before.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>When rules were changed, to be seen beside what came of it.</summary>
public interface IRuleChanges
{
    /// <summary>The most that one call answers.</summary>
    public const int Most = 200;

    /// <summary>The most rules of a trigger whose changes are looked at, the newest.</summary>
    public const int MostRules = 2_000;

    /// <summary>The changes, newest first, and no more than <see cref="Most"/>.</summary>
    /// <exception cref="RefusedException">They cannot be found in time.</exception>
    Task<IReadOnlyList<RuleChange>> ListAsync(RuleChangeFilter filter, CancellationToken cancellationToken);
}
