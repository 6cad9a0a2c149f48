namespace Attune.Modules.Enforcements;

/// <summary>Which rules matched an event, which did not, and why; each as it was when the event came.</summary>
public sealed record EventExplanation
{
    /// <summary>The most rules that are asked; one event is not worth more.</summary>
    public const int MostRules = 500;

    /// <summary>How many rules are explained unless a caller says otherwise.</summary>
    public const int UsualRules = 20;

    /// <summary>The event's id.</summary>
    public required long Event { get; init; }

    public required string TriggerRef { get; init; }

    public required DateTimeOffset EventCreated { get; init; }

    /// <summary>How many rules were asked: those on the trigger when the event came, and those that were made for it since.</summary>
    public required int Total { get; init; }

    /// <summary>Whether there are more rules than are asked.</summary>
    public required bool HasMore { get; init; }

    /// <summary>How many of those that were asked match.</summary>
    public required int Matching { get; init; }

    /// <summary>Those that match, then those that came nearest, as many as were asked for.</summary>
    public required IReadOnlyList<RuleExplanation> Rules { get; init; }
}
