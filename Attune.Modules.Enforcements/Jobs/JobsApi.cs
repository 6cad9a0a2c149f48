using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Jobs;

internal static class JobsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var jobs = api.MapGroup("/jobs").WithTags("Jobs");
        jobs.MapPost("/", CreateAsync).WithName("CreateJob").WithSummary("Draft a job that sends events again, or runs executions again");
        jobs.MapGet("/", ListAsync).WithName("ListJobs").WithSummary("Jobs, newest first");
        jobs.MapGet("/{id}", FindAsync).WithName("GetJob").WithSummary("A job, and how far it has come");
        jobs.MapGet("/{id}/items", ListItemsAsync).WithName("ListJobItems").WithSummary("What a job works on, and what became of each");
        jobs.MapPost("/{id}/confirm", ConfirmAsync).WithName("ConfirmJob").WithSummary("Let a draft begin, on what there is now");
        jobs.MapPost("/{id}/stop", StopAsync).WithName("StopJob").WithSummary("Let a job do no more");
        jobs.MapPost("/{id}/resume", ResumeAsync).WithName("ResumeJob").WithSummary("Let a job that was stopped go on");
        jobs.MapPost("/{id}/abort", AbortAsync).WithName("AbortJob").WithSummary("End a job for good; what it did stays");
    }

    private static async Task<Created<Envelope<Job>>> CreateAsync(NewJobBody body, IJobs jobs, CancellationToken cancellationToken)
    {
        var job = await jobs.CreateAsync(body.ToJob(), cancellationToken);
        return TypedResults.Created($"/api/v1/jobs/{job.Id}", new Envelope<Job>(job, "Nothing is done until the job is confirmed"));
    }

    private static async Task<Listing<Job>> ListAsync(PageQuery query, IJobs jobs, CancellationToken cancellationToken) =>
        query.Listing(await jobs.ListAsync(query.Request, cancellationToken));

    private static async Task<Envelope<Job>> FindAsync(long id, IJobs jobs, CancellationToken cancellationToken) =>
        new(await jobs.FindAsync(id, cancellationToken) ?? throw NotFound(id));

    private static async Task<Listing<JobItemSummary>> ListItemsAsync(
        long id, JobItemQuery query, IJobs jobs, CancellationToken cancellationToken) =>
        query.Listing(await jobs.ListItemsAsync(id, query.Outcome, query.Request, cancellationToken) ?? throw NotFound(id));

    private static async Task<Envelope<Job>> ConfirmAsync(
        long id, ConfirmBody body, IJobs jobs, CancellationToken cancellationToken) =>
        new(await jobs.ConfirmAsync(id, body.Count, cancellationToken) ?? throw NotFound(id));

    private static async Task<Envelope<Job>> StopAsync(long id, IJobs jobs, CancellationToken cancellationToken) =>
        new(await jobs.StopAsync(id, cancellationToken) ?? throw NotFound(id));

    private static async Task<Envelope<Job>> ResumeAsync(long id, IJobs jobs, CancellationToken cancellationToken) =>
        new(await jobs.ResumeAsync(id, cancellationToken) ?? throw NotFound(id));

    private static async Task<Envelope<Job>> AbortAsync(long id, IJobs jobs, CancellationToken cancellationToken) =>
        new(await jobs.AbortAsync(id, cancellationToken) ?? throw NotFound(id));

    private static RefusedException NotFound(long id) => RefusedException.NotFound($"Job with ID {id} not found");
}

/// <summary>A job as a client asks for it.</summary>
internal sealed record NewJobBody : IJsonBody<NewJobBody>
{
    public JobKind? Kind { get; init; }
    public IReadOnlyList<long>? Ids { get; init; }
    public JobFilter? Filter { get; init; }
    public JobChoices? Options { get; init; }

    public NewJob ToJob() => new()
    {
        Kind = Kind ?? throw RefusedException.Invalid("kind", "kind must be replay_events or rerun_executions."),
        Ids = Ids,
        Filter = Filter,
        Options = Options ?? new(),
    };
}

/// <summary>What a client expects of the job that it confirms.</summary>
internal sealed record ConfirmBody : IJsonBody<ConfirmBody>
{
    public static bool IsOptional => true;

    /// <summary>How many items there have to be.</summary>
    public long? Count { get; init; }
}

/// <summary>Which items of a job to list, as an address says it.</summary>
internal sealed record JobItemQuery : ListQuery, IQuery<JobItemQuery>
{
    public IReadOnlyList<JobOutcome> Outcome { get; init; } = [];
}
