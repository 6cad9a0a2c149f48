using System.Text.Json;
using Attune.Db;
using Attune.Db.Histograms;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Executions;

internal static class ExecutionsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var executions = api.MapGroup("/executions").WithTags("Executions");
        executions.MapGet("/", ListAsync).WithName("ListExecutions").WithSummary("Executions, newest first");
        executions.MapGet("/histogram", CountAsync)
            .WithName("CountExecutions").WithSummary("How many executions a list has, by when they were asked for");
        executions.MapGet("/{id}", FindAsync).WithName("GetExecution").WithSummary("An execution, with its parameters and result");
        executions.MapGet("/{id}/log", ReadLogAsync)
            .WithName("GetExecutionLog").WithSummary("What an execution's action said while it ran, in order");
        executions.MapGet("/status/{status}", ListOfStatusAsync)
            .WithName("ListExecutionsOfStatus").WithSummary("Executions of one status, newest first");
        executions.MapGet("/failures", ListFailuresAsync)
            .WithName("GroupFailures").WithSummary("Failed executions of a range of time, grouped by their error");
        executions.MapPost("/execute", ExecuteAsync).WithName("RequestExecution").WithSummary("Ask for an action to be run");
        executions.MapPost("/{id}/rerun", RerunAsync).WithName("RerunExecution").WithSummary("Run an execution again, as a new one");
        executions.MapPost("/{id}/cancel", CancelAsync).WithName("CancelExecution").WithSummary("Ask for an execution to be given up");
    }

    private static async Task<Listing<ExecutionSummary>> ListAsync(
        ExecutionListQuery query, IExecutionRepository executions, CancellationToken cancellationToken) =>
        query.Listing(await executions.ListAsync(query.ToFilter(query.Status), query.Request, cancellationToken));

    private static async Task<Listing<ExecutionSummary>> ListOfStatusAsync(
        string status, ExecutionOfStatusQuery query, IExecutionRepository executions, CancellationToken cancellationToken) =>
        query.Listing(await executions.ListAsync(
            query.ToFilter([new QueryText("status", status).Choice<ExecutionStatus>()]), query.Request, cancellationToken));

    private static async Task<Envelope<Histogram>> CountAsync(
        ExecutionHistogramQuery query, IExecutionHistogram executions, TimeProvider clock, CancellationToken cancellationToken)
    {
        var filter = query.ToFilter(query.Status);
        var zone = HistogramZone.Find(query.Zone);
        var edges = HistogramEdges.OfList(
            filter.Since, filter.Until, clock.GetUtcNow(), await executions.OldestAsync(cancellationToken), query.Buckets, zone);
        return new(await executions.CountAsync(filter, edges, query.By, cancellationToken));
    }

    private static async Task<Envelope<Execution>> FindAsync(
        long id, IExecutionRepository executions, CancellationToken cancellationToken) =>
        new(await executions.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Execution with ID {id} not found"));

    private static async Task<Envelope<IReadOnlyList<ExecutionLine>>> ReadLogAsync(
        long id, LogQuery query, IExecutionLog log, CancellationToken cancellationToken) =>
        new(await log.ReadAsync(id, query.After, cancellationToken)
            ?? throw RefusedException.NotFound($"Execution with ID {id} not found"));

    private static async Task<Envelope<FailureReport>> ListFailuresAsync(
        FailureQuery query, IFailureGroups failures, TimeProvider clock, CancellationToken cancellationToken) =>
        new(await failures.ReportAsync(query.ToFilter(clock.GetUtcNow()), cancellationToken));

    private static async Task<Created<Envelope<Execution>>> ExecuteAsync(
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

    private static async Task<Created<Envelope<Execution>>> RerunAsync(
        long id, RerunBody body, IExecutionReruns reruns, CancellationToken cancellationToken)
    {
        var execution = await reruns.RerunAsync(
            id, new() { Parameters = JsonValues.Given(body.Parameters), Force = body.Force ?? false }, cancellationToken)
            ?? throw RefusedException.NotFound($"Execution with ID {id} not found");
        return TypedResults.Created(
            $"/api/v1/executions/{execution.Id}", new Envelope<Execution>(execution, $"Execution {id} is run again"));
    }

    private static async Task<Envelope<Execution>> CancelAsync(
        long id, IExecutionRepository executions, CancellationToken cancellationToken)
    {
        var execution = await executions.CancelAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Execution with ID {id} not found");
        return new(execution, execution.Status == ExecutionStatus.Cancelled
            ? "Execution cancelled"
            : "Execution is being cancelled; its worker has been told");
    }
}
