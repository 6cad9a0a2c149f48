using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Enforcements.Executions;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>A worker that registers.</summary>
[TakesBack(typeof(Worker))]
internal sealed record WorkerBody : IJsonBody<WorkerBody>
{
    public string? Name { get; init; }
    public string? WorkerType { get; init; }
    public string? WorkerRole { get; init; }
    public string? Host { get; init; }
    public int? Port { get; init; }

    /// <summary>The references of the actions that it runs; as good as <c>capabilities.actions</c>.</summary>
    public string[]? Actions { get; init; }

    public JsonElement? Capabilities { get; init; }
    public JsonElement? Meta { get; init; }

    /// <summary>
    /// A secret of the worker's own, by which it registers under its name again while that is taken. Left out, it is given one.
    /// </summary>
    public string? Token { get; init; }
}

/// <summary>A worker that has registered, with the token of its name, which is told nowhere else.</summary>
internal sealed record RegisteredWorker
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    public required string WorkerType { get; init; }
    public required string WorkerRole { get; init; }
    public string? Host { get; init; }
    public int? Port { get; init; }
    public required string Status { get; init; }
    public JsonElement? Capabilities { get; init; }
    public JsonElement? Meta { get; init; }
    public DateTimeOffset? LastHeartbeat { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
    public required string Token { get; init; }

    public static RegisteredWorker Of(Worker worker, string token) => new()
    {
        Id = worker.Id,
        Name = worker.Name,
        WorkerType = worker.WorkerType,
        WorkerRole = worker.WorkerRole,
        Host = worker.Host,
        Port = worker.Port,
        Status = worker.Status,
        Capabilities = worker.Capabilities,
        Meta = worker.Meta,
        LastHeartbeat = worker.LastHeartbeat,
        Created = worker.Created,
        Updated = worker.Updated,
        Token = token,
    };
}

/// <summary>What a worker says with a heartbeat. All of it may be left out.</summary>
internal sealed record HeartbeatBody : IJsonBody<HeartbeatBody>
{
    public static bool IsOptional => true;

    /// <summary>
    /// The ids of all executions that it knows to be leased to it. Others that have been leased to it for half a minute or longer are
    /// requeued.
    /// </summary>
    public long[]? Executions { get; init; }

    /// <summary>What it registered with: needed with <see cref="Executions"/>, and to be told claims.</summary>
    public string? Token { get; init; }
}

/// <summary>A worker that stops.</summary>
internal sealed record StopBody : IJsonBody<StopBody>
{
    public static bool IsOptional => true;

    /// <summary>What it registered with.</summary>
    public string? Token { get; init; }
}

/// <summary>What a worker asks for. All of it may be left out.</summary>
internal sealed record ClaimBody : IJsonBody<ClaimBody>
{
    public static bool IsOptional => true;

    /// <summary>As with a heartbeat.</summary>
    public long[]? Executions { get; init; }

    /// <summary>What it registered with: needed with <see cref="Executions"/>.</summary>
    public string? Token { get; init; }

    /// <summary>Instead of those that it registered with.</summary>
    public string[]? Actions { get; init; }

    /// <summary>The most executions, 1 to 100; 1 when left out.</summary>
    public int? Limit { get; init; }

    /// <summary>How long to wait for one, up to 60 seconds; not at all when left out.</summary>
    public int? WaitSeconds { get; init; }
}

/// <summary>
/// What an execution came to. One that is refused would leave its execution running, so its texts are repaired, and where that is not
/// enough it is read without its result.
/// </summary>
internal sealed record CompleteBody : IJsonBody<CompleteBody>
{
    public static Func<CompleteBody, CompleteBody>? Repaired => static body => body with { IsRepaired = true };

    public static (string Field, Func<CompleteBody, RefusedException, CompleteBody> Note)? Dispensable =>
        ("result", static (body, refused) => body with { Refused = refused });

    public string? Claim { get; init; }
    public JsonElement? Result { get; init; }

    /// <summary>Whether it was repaired; no field that a worker sends.</summary>
    internal bool IsRepaired { get; init; }

    /// <summary>Why its result cannot be stored; it is then without one.</summary>
    internal RefusedException? Refused { get; init; }
}

/// <summary>As <see cref="CompleteBody"/>, of one that failed.</summary>
internal sealed record FailBody : IJsonBody<FailBody>
{
    public static Func<FailBody, FailBody>? Repaired => static body => body with { IsRepaired = true };

    public static (string Field, Func<FailBody, RefusedException, FailBody> Note)? Dispensable =>
        ("result", static (body, refused) => body with { Refused = refused });

    public string? Claim { get; init; }
    public string? Error { get; init; }
    public JsonElement? Result { get; init; }

    /// <summary>False when another attempt would fail as well.</summary>
    public bool? Retry { get; init; }

    /// <summary>Whether it was repaired; no field that a worker sends.</summary>
    internal bool IsRepaired { get; init; }

    /// <summary>Why its result cannot be stored; it is then without one.</summary>
    internal RefusedException? Refused { get; init; }
}

internal sealed record ReleaseBody : IJsonBody<ReleaseBody>
{
    public string? Claim { get; init; }
}

/// <summary>An execution that a worker has just claimed.</summary>
internal sealed record OfferedExecution
{
    public required long Id { get; init; }

    /// <summary>To be sent back with the answer.</summary>
    public required string Claim { get; init; }

    public required string ActionRef { get; init; }

    /// <summary>The parameters, with the defaults of the action filled in.</summary>
    public JsonElement? Config { get; init; }

    /// <summary>Which attempt this is: 0 for the first.</summary>
    public required int RetryCount { get; init; }

    public int? TimeoutSeconds { get; init; }
    public long? Enforcement { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset StartedAt { get; init; }

    public static OfferedExecution Of(ClaimedExecution claimed) => new()
    {
        Id = claimed.Id,
        Claim = claimed.Claim!,
        ActionRef = claimed.ActionRef,
        Config = claimed.Config,
        RetryCount = claimed.RetryCount,
        TimeoutSeconds = claimed.TimeoutSeconds,
        Enforcement = claimed.Enforcement,
        RuleRef = claimed.RuleRef,
        TriggerRef = claimed.TriggerRef,
        Created = claimed.Created,
        StartedAt = claimed.StartedAt,
    };
}

/// <summary>An execution that is leased to a worker: running, or to be stopped when it is canceling.</summary>
/// <param name="Id">The execution's id.</param>
/// <param name="Claim">Told to the worker itself; null to others that send heartbeats for it.</param>
/// <param name="Status">Where it stands.</param>
internal sealed record HeldExecution(long Id, string? Claim, ExecutionStatus Status);

/// <summary>The answer to a heartbeat.</summary>
internal sealed record WorkerHeartbeat(Worker Worker, IReadOnlyList<HeldExecution> Executions);
