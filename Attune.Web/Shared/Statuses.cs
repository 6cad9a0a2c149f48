using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Web.Shared;

/// <summary>The colour and sign of a state. Never the only thing that tells it: the word stands beside.</summary>
public enum Tone
{
    Neutral,
    Waiting,
    Active,
    Good,
    Bad,
    Caution,
}

/// <summary>Statuses as pages and addresses write them.</summary>
public static class Statuses
{
    public static Tone Tone(Verdict verdict) => verdict switch
    {
        Verdict.True => Shared.Tone.Good,
        Verdict.False => Shared.Tone.Bad,
        _ => Shared.Tone.Caution,
    };

    public static Tone Tone(EnforcementStatus status) => status switch
    {
        EnforcementStatus.Created => Shared.Tone.Waiting,
        EnforcementStatus.Processed => Shared.Tone.Good,
        _ => Shared.Tone.Neutral,
    };

    public static Tone Tone(ExecutionStatus status) => status switch
    {
        ExecutionStatus.Requested or ExecutionStatus.Scheduling or ExecutionStatus.Scheduled => Shared.Tone.Waiting,
        ExecutionStatus.Running or ExecutionStatus.Canceling => Shared.Tone.Active,
        ExecutionStatus.Completed => Shared.Tone.Good,
        ExecutionStatus.Failed or ExecutionStatus.Timeout => Shared.Tone.Bad,
        ExecutionStatus.Abandoned => Shared.Tone.Caution,
        _ => Shared.Tone.Neutral,
    };

    public static Tone Tone(DeliveryOutcome outcome) => outcome switch
    {
        DeliveryOutcome.Taken => Shared.Tone.Good,
        DeliveryOutcome.Refused => Shared.Tone.Bad,
        _ => Shared.Tone.Neutral,
    };

    public static Tone OfWorker(string status) => status switch
    {
        "active" => Shared.Tone.Good,
        "busy" => Shared.Tone.Active,
        "error" => Shared.Tone.Bad,
        _ => Shared.Tone.Neutral,
    };

    public static bool IsFinal(EnforcementStatus status) => status != EnforcementStatus.Created;

    public static bool IsFinal(ExecutionStatus status) => status
        is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Cancelled
        or ExecutionStatus.Timeout or ExecutionStatus.Abandoned;

    /// <summary>Whether an execution ended otherwise than it should have.</summary>
    public static bool HasFailed(ExecutionStatus status) =>
        status is ExecutionStatus.Failed or ExecutionStatus.Timeout or ExecutionStatus.Abandoned;

    /// <summary>The status in a word, for people. Only an enforcement that nobody resolved yet has another name than its own.</summary>
    public static string Label<TStatus>(TStatus status) where TStatus : struct, Enum =>
        status is EnforcementStatus.Created ? "Pending" : status.ToString();

    /// <summary>The statuses as addresses have them: spelled as in the API, with commas between them; null for none.</summary>
    public static string? Write<TStatus>(IReadOnlyList<TStatus> statuses) where TStatus : struct, Enum =>
        statuses.Count == 0 ? null : string.Join(',', statuses.Select(EnumNames.Of));

    /// <summary>Reads what <see cref="Write"/> wrote; names of no status are left out.</summary>
    public static IReadOnlyList<TStatus> Parse<TStatus>(string? text) where TStatus : struct, Enum =>
        text?.Split(',', StringSplitOptions.TrimEntries) is { } names
            ? [.. Enum.GetValues<TStatus>().Where(status => names.Contains(EnumNames.Of(status)))]
            : [];

    /// <summary>Reads the same from an address, and notes each name of no status.</summary>
    public static IReadOnlyList<TStatus> Read<TStatus>(AddressQuery query, string name) where TStatus : struct, Enum
    {
        var text = query.Text(name);
        foreach (var unknown in text?.Split(',', StringSplitOptions.TrimEntries).Where(one => EnumNames.Find<TStatus>(one) is null) ?? [])
        {
            query.Wrong(name, unknown, $"one or more of {string.Join(", ", EnumNames.All<TStatus>())}");
        }

        return Parse<TStatus>(text);
    }

    /// <summary>The execution status of a name, as the history spells it; null when it is none.</summary>
    public static ExecutionStatus? Execution(string? name) => name is null ? null : EnumNames.Find<ExecutionStatus>(name);
}
