using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

public sealed class FakeEnforcements(FakeAttune attune) : IEnforcementRepository
{
    /// <summary>The filters that were asked for, oldest first.</summary>
    public List<EnforcementFilter> Asked { get; } = [];

    public Task<Enforcement?> FindAsync(long id, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult(attune.Enforcements.GetValueOrDefault(id));
        }
    }

    public Task<bool> ExistsAsync(long id, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult(attune.Enforcements.ContainsKey(id));
        }
    }

    public Task<Page<EnforcementSummary>> ListAsync(EnforcementFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            Asked.Add(filter);
            var rows = attune.Enforcements.Values
                .Where(row => FakeLists.Within(row.Created, filter.Since, filter.Until)
                    && (filter.RuleRef is null || row.RuleRef == filter.RuleRef)
                    && (filter.TriggerRef is null || row.TriggerRef == filter.TriggerRef)
                    && (filter.Event is null || row.Event == filter.Event)
                    && (filter.Statuses.Count == 0 || filter.Statuses.Contains(row.Status)))
                .Select(row => new EnforcementSummary
                {
                    Id = row.Id, Rule = row.Rule, RuleRef = row.RuleRef, RuleVersion = row.RuleVersion, TriggerRef = row.TriggerRef,
                    Event = row.Event, Status = row.Status, Condition = row.Condition, Created = row.Created, ResolvedAt = row.ResolvedAt,
                });
            return FakeLists.PageAsync(rows, page, row => new Cursor(row.Created, row.Id));
        }
    }
}
