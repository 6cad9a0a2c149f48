using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>The groups and the jobs that a test says; a job goes on when the test says so.</summary>
public sealed class FakeFailures(FakeAttune attune) : IFailureGroups, IJobs
{
    public List<FailureGroup> Groups { get; } = [];

    public List<FailedExecution> Members { get; } = [];

    public List<FailureFilter> Asked { get; } = [];

    public Dictionary<long, Job> Jobs { get; } = [];

    public List<JobItemSummary> Items { get; } = [];

    public List<NewJob> Made { get; } = [];

    public RefusedException? Refusal { get; set; }

    public Task<FailureReport> ReportAsync(FailureFilter filter, CancellationToken cancellationToken)
    {
        Asked.Add(filter);
        return Refusal is null
            ? Task.FromResult<FailureReport>(new()
            {
                Since = filter.Since, Until = filter.Until, Total = Groups.Sum(group => group.Count), TotalIsMinimum = false, Others = 0,
                Groups = [.. Groups],
            })
            : Task.FromException<FailureReport>(Refusal);
    }

    public Task<IReadOnlyList<FailedExecution>> ListAsync(
        FailureFilter filter, string action, string error, int most, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FailedExecution>>([.. Members.Take(most)]);

    public Task<Job> CreateAsync(NewJob job, CancellationToken cancellationToken)
    {
        Made.Add(job);
        var made = new Job
        {
            Id = attune.NextId(), Kind = job.Kind, State = JobState.Draft, Options = job.Options, Total = job.Ids!.Count, Done = 0, Failed = 0,
            Sample = [.. job.Ids.Take(10)], Created = attune.Clock.GetUtcNow(),
        };
        Jobs[made.Id] = made;
        return Task.FromResult(made);
    }

    public Task<Job?> FindAsync(long id, CancellationToken cancellationToken) => Task.FromResult(Jobs.GetValueOrDefault(id));

    public Task<Page<Job>> ListAsync(PageRequest page, CancellationToken cancellationToken) =>
        Task.FromResult(new Page<Job>([.. Jobs.Values], null));

    public Task<Page<JobItemSummary>?> ListItemsAsync(
        long id, IReadOnlyList<JobOutcome> outcomes, PageRequest page, CancellationToken cancellationToken) =>
        Task.FromResult<Page<JobItemSummary>?>(new(
            [.. Items.Where(item => outcomes.Count == 0 || (item.Outcome is { } outcome && outcomes.Contains(outcome)))], null));

    public Task<Job?> ConfirmAsync(long id, long? count, CancellationToken cancellationToken) => count == Jobs[id].Total
        ? SetAsync(id, JobState.Running)
        : throw new RefusedException(RefusalKind.Conflict, "count", "There are others by now.");

    public Task<Job?> StopAsync(long id, CancellationToken cancellationToken) => SetAsync(id, JobState.Stopped);

    public Task<Job?> ResumeAsync(long id, CancellationToken cancellationToken) => SetAsync(id, JobState.Running);

    public Task<Job?> AbortAsync(long id, CancellationToken cancellationToken)
    {
        Jobs[id] = Jobs[id] with { EndedAt = attune.Clock.GetUtcNow() };
        return SetAsync(id, JobState.Aborted);
    }

    private Task<Job?> SetAsync(long id, JobState state) => Task.FromResult<Job?>(Jobs[id] = Jobs[id] with { State = state });
}
