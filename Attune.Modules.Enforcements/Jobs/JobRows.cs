using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Jobs;

/// <summary>A job as its table has it.</summary>
internal sealed record JobRow
{
    public required long Id { get; init; }
    public required string Kind { get; init; }
    public required string State { get; init; }
    public long[]? Ids { get; init; }
    public JsonElement? Filter { get; init; }
    public required JsonElement Options { get; init; }
    public long[]? Sample { get; init; }
    public required long Total { get; init; }
    public required long Done { get; init; }
    public required long Failed { get; init; }
    public required DateTimeOffset Created { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    public Job ToJob() => new()
    {
        Id = Id,
        Kind = EnumNames.Find<JobKind>(Kind)!.Value,
        State = EnumNames.Find<JobState>(State)!.Value,
        Filter = Filter?.Deserialize<JobFilter>(Json.Options),
        Options = Options.Deserialize<JobChoices>(Json.Options)!,
        Sample = Sample ?? [],
        Total = Total,
        Done = Done,
        Failed = Failed,
        Created = Created,
        ConfirmedAt = ConfirmedAt,
        EndedAt = EndedAt,
    };
}

/// <summary>An item as its table has it.</summary>
internal sealed record ItemRow
{
    public required long Number { get; init; }
    public required long Item { get; init; }
    public string? Outcome { get; init; }
    public long? Result { get; init; }
    public string? Reason { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    public JobItemSummary ToItem() => new()
    {
        Number = Number,
        Item = Item,
        Outcome = Outcome is null ? null : EnumNames.Find<JobOutcome>(Outcome),
        Result = Result,
        Reason = Reason,
        EndedAt = EndedAt,
    };
}
