using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Attune.Web.Pages.Workers;

namespace Attune.Tests.Web.Fakes;

public sealed class FakeExecutions(FakeAttune attune) : IExecutionRepository, IExecutionReruns, IWorkerRepository, IActionRepository, IHistoryRepository
{
    /// <summary>The filters that were asked for, oldest first.</summary>
    public List<ExecutionFilter> Asked { get; } = [];

    public Task<Execution?> FindAsync(long id, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult(attune.Executions.GetValueOrDefault(id));
        }
    }

    public Task<bool> ExistsAsync(long id, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult(attune.Executions.ContainsKey(id));
        }
    }

    public Task<Page<ExecutionSummary>> ListAsync(ExecutionFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            Asked.Add(filter);
            var rows = attune.Executions.Values
                .Where(row => FakeLists.Within(row.Created, filter.Since, filter.Until)
                    && (filter.ActionRef is null || row.ActionRef == filter.ActionRef)
                    && (filter.RuleRef is null || row.RuleRef == filter.RuleRef)
                    && (filter.TriggerRef is null || row.TriggerRef == filter.TriggerRef)
                    && (filter.Enforcement is null || row.Enforcement == filter.Enforcement)
                    && (filter.Worker is null || row.Worker == filter.Worker)
                    && (filter.RerunOf is null || row.RerunOf == filter.RerunOf)
                    && (filter.OriginalExecution is null || row.OriginalExecution == filter.OriginalExecution)
                    && (filter.Statuses.Count == 0 || filter.Statuses.Contains(row.Status)))
                .Select(row => new ExecutionSummary
                {
                    Id = row.Id, ActionRef = row.ActionRef, Status = row.Status, Parent = row.Parent, Enforcement = row.Enforcement,
                    RuleRef = row.RuleRef, TriggerRef = row.TriggerRef, Worker = row.Worker, StartedAt = row.StartedAt,
                    Created = row.Created, Updated = row.Updated,
                });
            return FakeLists.PageAsync(rows, page, row => new Cursor(row.Created, row.Id));
        }
    }

    public Task<Execution> CreateAsync(NewExecution execution, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page requests executions.");

    public Task<Execution?> RerunAsync(long id, ExecutionRerun rerun, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            var original = attune.Executions[id];
            var again = attune.AddExecution(
                original.Enforcement is { } enforcement ? attune.Enforcements[enforcement] : null, original.ActionRef);
            attune.Executions[again.Id] = again with { RerunOf = id, Config = rerun.Parameters ?? original.Config };
            return Task.FromResult<Execution?>(attune.Executions[again.Id]);
        }
    }

    public Task<Execution?> CancelAsync(long id, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            if (attune.Executions.GetValueOrDefault(id) is not { Status: ExecutionStatus.Requested or ExecutionStatus.Running } execution)
            {
                throw new RefusedException(RefusalKind.Conflict, "status", $"Execution {id} is over.");
            }

            attune.Advance(id, execution.Worker is null ? ExecutionStatus.Cancelled : ExecutionStatus.Canceling);
            return Task.FromResult<Execution?>(attune.Executions[id]);
        }
    }

    Task<Worker?> IWorkerRepository.FindAsync(long id, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Workers.Find(worker => worker.Id == id));

    Task<Page<WorkerSummary>> IWorkerRepository.ListAsync(PageRequest page, CancellationToken cancellationToken) =>
        Task.FromResult(Page.FromPlace<WorkerSummary>(
            [.. attune.Workers.Skip((int)page.Place).Take(page.Size + 1).Select(worker =>
            {
                var actions = WorkerWords.Actions(worker);
                return new WorkerSummary
                {
                    Id = worker.Id, Name = worker.Name, WorkerType = worker.WorkerType, WorkerRole = worker.WorkerRole, Host = worker.Host,
                    Port = worker.Port, Status = worker.Status, LastHeartbeat = worker.LastHeartbeat, Created = worker.Created,
                    Updated = worker.Updated, ActionCount = actions.Count, Actions = [.. actions.Take(10)],
                };
            })],
            page));

    Task<bool> IWorkerRepository.DeleteAsync(long id, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page deletes workers.");

    Task<IReadOnlyDictionary<long, long>> IWorkerRepository.LeaseCountsAsync(CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult<IReadOnlyDictionary<long, long>>(attune.Executions.Values
                .Where(row => row.Worker is not null
                    && row.Status is ExecutionStatus.Scheduled or ExecutionStatus.Running or ExecutionStatus.Canceling)
                .GroupBy(row => row.Worker!.Value)
                .ToDictionary(held => held.Key, held => (long)held.Count()));
        }
    }

    Task<Modules.Enforcements.Action?> IActionRepository.FindAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Actions.Find(action => action.Ref == reference));

    Task<Page<ActionSummary>> IActionRepository.ListAsync(PageRequest page, CancellationToken cancellationToken) =>
        FakeLists.PageByRefAsync(
            attune.Actions.Select(action => new ActionSummary
            {
                Id = action.Id, Ref = action.Ref, PackRef = action.PackRef, Label = action.Label, Description = action.Description,
                TimeoutSeconds = action.TimeoutSeconds, MaxRetries = action.MaxRetries, IsAdhoc = action.IsAdhoc,
                Created = action.Created, Updated = action.Updated,
            }),
            page, action => action.Ref);

    Task<Modules.Enforcements.Action> IActionRepository.CreateAsync(NewAction action, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page makes actions.");

    Task<Modules.Events.Applied<Modules.Enforcements.Action>> IActionRepository.ApplyAsync(
        NewAction action, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page applies actions.");

    Task<Modules.Enforcements.Action?> IActionRepository.UpdateAsync(
        string reference, ActionUpdate update, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page changes actions.");

    Task<bool> IActionRepository.DeleteAsync(string reference, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page deletes actions.");

    Task<Page<HistoryEntry>> IHistoryRepository.ListAsync(
        HistoryEntityType type, HistoryFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return FakeLists.PageAsync(
                attune.History.Where(entry => filter.EntityId is null || entry.EntityId == filter.EntityId),
                page, entry => new Cursor(entry.Time, entry.Sequence));
        }
    }
}
