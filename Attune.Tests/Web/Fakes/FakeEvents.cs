using Attune.Modules.Events;

namespace Attune.Tests.Web.Fakes;

public sealed class FakeEvents(FakeAttune attune) : IEventRepository, IEventLedger
{
    /// <summary>The filters that were asked for, oldest first.</summary>
    public List<EventFilter> Asked { get; } = [];

    public Exception? Failure { get; set; }

    public Task<Event?> FindAsync(long id, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Failure is null ? Task.FromResult(attune.Events.GetValueOrDefault(id)) : Task.FromException<Event?>(Failure);
        }
    }

    public Task<bool> ExistsAsync(long id, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult(attune.Events.ContainsKey(id));
        }
    }

    public Task<EventNeighbours> NeighboursAsync(Event of, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            var ids = attune.Events.Values.Where(row => row.TriggerRef == of.TriggerRef).Select(row => row.Id).Order().ToList();
            return Task.FromResult(new EventNeighbours(
                ids.Where(id => id < of.Id).Select(id => (long?)id).LastOrDefault(),
                ids.Where(id => id > of.Id).Select(id => (long?)id).FirstOrDefault()));
        }
    }

    public Task<Page<EventSummary>> ListAsync(EventFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            Asked.Add(filter);
            var rows = attune.Events.Values
                .Where(row => FakeLists.Within(row.Created, filter.Since, filter.Until)
                    && (filter.TriggerRef is null || row.TriggerRef == filter.TriggerRef)
                    && (filter.RuleRef is null || row.RuleRef == filter.RuleRef)
                    && (filter.ReplayOf is null || row.ReplayOf == filter.ReplayOf)
                    && (filter.SourceRef is null || row.SourceRef == filter.SourceRef))
                .Select(row => new EventSummary
                {
                    Id = row.Id, Trigger = row.Trigger, TriggerRef = row.TriggerRef, Source = row.Source, SourceRef = row.SourceRef,
                    Rule = row.Rule, RuleRef = row.RuleRef, ReplayOf = row.ReplayOf, HasPayload = row.Payload is not null, Created = row.Created,
                });
            return FakeLists.PageAsync(rows, page, row => new Cursor(row.Created, row.Id));
        }
    }

    public Task<AppendedEvent> AppendAsync(NewEvent newEvent, CancellationToken cancellationToken)
    {
        if (attune.Triggers.GetValueOrDefault(newEvent.TriggerRef) is not { Enabled: true })
        {
            throw RefusedException.NotFound($"There is no enabled trigger {newEvent.TriggerRef}.");
        }

        attune.Appended.Add(newEvent);
        var written = attune.AddEvent(newEvent.TriggerRef, newEvent.Payload?.GetRawText(), source: newEvent.SourceRef);
        return Task.FromResult(new AppendedEvent { Id = written.Id, Created = written.Created });
    }

    public async Task<IReadOnlyList<AppendedEvent>> AppendAsync(IReadOnlyList<NewEvent> newEvents, CancellationToken cancellationToken)
    {
        var written = new List<AppendedEvent>();
        foreach (var newEvent in newEvents)
        {
            written.Add(await AppendAsync(newEvent, cancellationToken));
        }

        return written;
    }
}
