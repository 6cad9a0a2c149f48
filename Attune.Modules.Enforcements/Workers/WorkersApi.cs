using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Work;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>What remote workers say and ask.</summary>
internal static class WorkersApi
{
    private const int MostAtOnce = 100;
    private const int LongestWait = 60;
    private const int LongestError = 100_000;

    public static void Map(RouteGroupBuilder api)
    {
        var workers = api.MapGroup("/workers").WithTags("Workers");
        workers.MapGet("/", ListAsync).WithName("ListWorkers").WithSummary("Workers, by name");
        workers.MapPost("/", RegisterAsync).WithName("RegisterWorker").WithSummary("Register a worker");
        workers.MapGet("/{id}", FindAsync).WithName("GetWorker").WithSummary("A worker");
        workers.MapDelete("/{id}", DeleteAsync).WithName("DeleteWorker").WithSummary("Delete a worker that is inactive");
        workers.MapPost("/{id}/heartbeat", HeartbeatAsync).WithName("SendHeartbeat").WithSummary("Say that a worker lives");
        workers.MapPost("/{id}/stop", StopAsync).WithName("StopWorker").WithSummary("Stop a worker in good order");
        workers.MapPost("/{id}/claim", ClaimAsync).WithName("ClaimExecutions").WithSummary("Lease executions, and wait for some");
        var execution = workers.MapGroup("/{id}/executions/{execution}");
        execution.MapPost("/complete", CompleteAsync).WithName("CompleteExecution").WithSummary("End an execution with its result");
        execution.MapPost("/fail", FailAsync).WithName("FailExecution").WithSummary("End an execution that has failed");
        execution.MapPost("/release", ReleaseAsync).WithName("ReleaseExecution").WithSummary(
            "Requeue an execution that the worker will not run");
    }

    private static async Task<Listing<WorkerSummary>> ListAsync(
        PageQuery query, IWorkerRepository workers, CancellationToken cancellationToken) =>
        query.Listing(await workers.ListAsync(query.Request, cancellationToken));

    private static async Task<Envelope<Worker>> FindAsync(long id, IWorkerRepository workers, CancellationToken cancellationToken) =>
        new(await workers.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Worker with ID {id} not found"));

    private static async Task<Deleted> DeleteAsync(long id, IWorkerRepository workers, CancellationToken cancellationToken) =>
        await workers.DeleteAsync(id, cancellationToken)
            ? new($"Worker {id} deleted successfully")
            : throw RefusedException.NotFound($"Worker with ID {id} not found");

    private static async Task<Created<Envelope<RegisteredWorker>>> RegisterAsync(
        WorkerBody body, RemoteWorkers workers, IOptions<WorkersOptions> options, CancellationToken cancellationToken)
    {
        var (worker, token) = await workers.RegisterAsync(
            WorkerRegistration.Of(
                body.Name, body.WorkerType, body.WorkerRole, body.Host, body.Port, body.Actions, body.Capabilities, body.Meta, body.Token),
            cancellationToken);
        return TypedResults.Created(
            $"/api/v1/workers/{worker.Id}",
            new Envelope<RegisteredWorker>(
                RegisteredWorker.Of(worker, token),
                $"Worker registered; without a heartbeat for {options.Value.LostAfterText} it is taken for lost"));
    }

    /// <summary>Answers with the worker's leases, so that it learns what was cancelled and what was requeued.</summary>
    private static async Task<Envelope<WorkerHeartbeat>> HeartbeatAsync(
        long id, HeartbeatBody body, RemoteWorkers workers, ExecutionLeases leases, TimeProvider clock, CancellationToken cancellationToken)
    {
        var worker = await workers.HeartbeatAsync(id, cancellationToken);
        if (body.Executions is { } known)
        {
            await workers.EndUnknownAsync(id, body.Token, known, cancellationToken);
        }

        var isItself = await workers.IsItselfAsync(id, body.Token, cancellationToken);
        var held = await leases.OfWorkerAsync(id, new Lookback(clock).Near, cancellationToken);
        return new(new(worker, [.. held.Select(one => new HeldExecution(one.Id, isItself ? one.Claim : null, one.Status))]));
    }

    private static async Task<Envelope<Worker>> StopAsync(
        long id, StopBody body, RemoteWorkers workers, CancellationToken cancellationToken) =>
        new(await workers.StopAsync(id, body.Token, cancellationToken), "Worker stopped; its executions are requeued");

    private static async Task<Envelope<IReadOnlyList<OfferedExecution>>> ClaimAsync(
        long id,
        ClaimBody body,
        HttpContext context,
        RemoteWorkers workers,
        RemoteClaims claims,
        RemoteLeases leases,
        IHostApplicationLifetime lifetime,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var size = Within(body.Limit, "limit", 1, MostAtOnce, 1);
        var wait = Within(body.WaitSeconds, "wait_seconds", 0, LongestWait, 0);
        if (body.Executions is { } known)
        {
            await workers.EndUnknownAsync(id, body.Token, known, cancellationToken);
        }

        using var waited = new CancellationTokenSource(TimeSpan.FromSeconds(wait), clock);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(waited.Token, lifetime.ApplicationStopping);
        var claimed = await claims.ClaimAsync(id, body.Actions, size, enough.Token, cancellationToken);
        if (claimed.Count > 0 && context.Features.Get<IConnectionSocketFeature>() is { } connection && ClientConnection.IsClosed(
            connection.Socket))
        {
            await leases.RequeueUndeliveredAsync(claimed);
            return new([]);
        }

        return new([.. claimed.Select(OfferedExecution.Of)]);
    }

    private static async Task<Envelope<Execution>> CompleteAsync(
        long id, long execution, CompleteBody body, WorkerAnswers answers, IOptions<WorkersOptions> options,
        CancellationToken cancellationToken)
    {
        if (Unstorable(body.Result, body.Refused, options.Value) is { } refused)
        {
            await EndUnstoredAsync(answers, id, execution, body.Claim, null, refused, mayRetry: false, cancellationToken);
            throw refused;
        }

        return new(await answers.FinishAsync(
            id, execution, body.Claim, ExecutionStatus.Completed, took => ExecutionResult.Succeeded(body.Result, took, body.IsRepaired),
            mayRetry: false,
            cancellationToken));
    }

    private static async Task<Envelope<Execution>> FailAsync(
        long id, long execution, FailBody body, WorkerAnswers answers, IOptions<WorkersOptions> options,
        CancellationToken cancellationToken)
    {
        StorableText.Check(body.Error, "error", LongestError, required: body.Refused is null);
        if (Unstorable(body.Result, body.Refused, options.Value) is { } refused)
        {
            await EndUnstoredAsync(answers, id, execution, body.Claim, body.Error, refused, body.Retry ?? true, cancellationToken);
            throw refused;
        }

        return new(await answers.FinishAsync(
            id, execution, body.Claim, ExecutionStatus.Failed, took => ExecutionResult.Failed(body.Error!, body.Result, took, body.IsRepaired),
            body.Retry ?? true, cancellationToken));
    }

    private static async Task<Envelope<Execution>> ReleaseAsync(
        long id, long execution, ReleaseBody body, WorkerAnswers answers, CancellationToken cancellationToken) =>
        new(await answers.ReleaseAsync(id, execution, body.Claim, cancellationToken), "Execution requeued");

    // Its worker has done what there was to do, and few send another answer: left running, it would be run again as one that was lost.
    private static Task EndUnstoredAsync(
        WorkerAnswers answers, long id, long execution, string? claim, string? error, RefusedException refused, bool mayRetry,
        CancellationToken cancellationToken)
    {
        if (claim is null)
        {
            // It stands behind the result, where nobody has read; or nowhere.
            return Task.CompletedTask;
        }

        var said = $"{(error is null ? "" : $"{error} ")}The result that the worker sent cannot be stored: {refused.Message}";
        return answers.FinishAsync(
            id, execution, claim, ExecutionStatus.Failed, took => ExecutionResult.Failed(said, null, took), mayRetry, cancellationToken);
    }

    private static RefusedException? Unstorable(JsonElement? data, RefusedException? refused, WorkersOptions options)
    {
        if (refused is null && data is { ValueKind: not JsonValueKind.Undefined } given)
        {
            try
            {
                StorableJson.Check(given, "result", options.MaxResultBytes, Json.MaxDepth);
            }
            catch (RefusedException unstorable)
            {
                return unstorable;
            }
        }

        return refused;
    }

    private static int Within(int? value, string field, int least, int most, int standard) => value is < 0 || value < least || value > most
        ? throw RefusedException.Invalid(field, $"{field} must be a whole number from {least} to {most}.")
        : value ?? standard;
}
