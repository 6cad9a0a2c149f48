using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Attune.Modules.Enforcements.Executions;

internal static class ExecutionsApi
{
    public static Task<Listing<ExecutionSummary>> ListAsync(
        PageQuery page, HttpRequest request, IExecutionRepository executions, CancellationToken cancellationToken) =>
        ListAsync(QueryValues.Choices<ExecutionStatus>(request, "status"), page, request, executions, cancellationToken);

    public static Task<Listing<ExecutionSummary>> ListOfStatusAsync(
        string status, PageQuery page, HttpRequest request, IExecutionRepository executions, CancellationToken cancellationToken) =>
        ListAsync([QueryValues.Choice<ExecutionStatus>(status, "status")], page, request, executions, cancellationToken);

    public static async Task<Envelope<Execution>> FindAsync(long id, IExecutionRepository executions, CancellationToken cancellationToken) =>
        new(await executions.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Execution with ID {id} not found"));

    public static async Task<Created<Envelope<Execution>>> ExecuteAsync(
        ExecuteBody body, IExecutionRepository executions, CancellationToken cancellationToken)
    {
        if (body.Parameters is { ValueKind: not JsonValueKind.Object })
        {
            throw RefusedException.Invalid("parameters", "parameters must be an object.");
        }

        if (body.EnvVars is { } variables && !(variables.ValueKind == JsonValueKind.Object && variables.GetPropertyCount() == 0))
        {
            throw RefusedException.Invalid("env_vars", "env_vars cannot be given: no action here is run as a process.");
        }

        if (string.IsNullOrEmpty(body.ActionRef))
        {
            throw RefusedException.Invalid("action_ref", "action_ref must be given.");
        }

        var execution = await executions.CreateAsync(new() { ActionRef = body.ActionRef, Config = body.Parameters }, cancellationToken);
        return TypedResults.Created(
            $"/api/v1/executions/{execution.Id}", new Envelope<Execution>(execution, "Execution requested successfully"));
    }

    public static async Task<Envelope<Execution>> CancelAsync(long id, IExecutionRepository executions, CancellationToken cancellationToken)
    {
        var execution = await executions.CancelAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Execution with ID {id} not found");
        return new(execution, execution.Status == ExecutionStatus.Cancelled
            ? "Execution cancelled"
            : "Execution is being cancelled; its worker has been told");
    }

    private static async Task<Listing<ExecutionSummary>> ListAsync(
        IReadOnlyList<ExecutionStatus> statuses,
        PageQuery page,
        HttpRequest request,
        IExecutionRepository executions,
        CancellationToken cancellationToken)
    {
        var filter = new ExecutionFilter
        {
            Statuses = statuses,
            ActionRef = QueryValues.Text(request, "action_ref"),
            PackName = QueryValues.Text(request, "pack_name"),
            RuleRef = QueryValues.Text(request, "rule_ref"),
            TriggerRef = QueryValues.Text(request, "trigger_ref"),
            Executor = QueryValues.Number(request, "executor"),
            Worker = QueryValues.Number(request, "worker"),
            Enforcement = QueryValues.Number(request, "enforcement"),
            Parent = QueryValues.Number(request, "parent"),
            OriginalExecution = QueryValues.Number(request, "original_execution"),
            TopLevelOnly = QueryValues.Flag(request, "top_level_only"),
            ResultContains = QueryValues.Text(request, "result_contains"),
            Since = QueryValues.Instant(request, "since"),
            Until = QueryValues.Instant(request, "until"),
        };
        return page.Listing(await executions.ListAsync(filter, page.Request, cancellationToken));
    }
}

/// <summary>What a client asks to be run.</summary>
internal sealed record ExecuteBody
{
    public string? ActionRef { get; init; }
    public JsonElement? Parameters { get; init; }
    public JsonElement? EnvVars { get; init; }
}
