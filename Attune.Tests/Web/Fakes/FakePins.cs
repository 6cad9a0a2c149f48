using Attune.Modules.Events;

namespace Attune.Tests.Web.Fakes;

/// <summary>Pins in memory. A copy is what the test says; an event that the test forgets has expired.</summary>
public sealed class FakePins(FakeAttune attune) : IPinnedEvents
{
    public Dictionary<long, PinnedEvent> All { get; } = [];

    public RefusedException? Refusal { get; set; }

    /// <summary>Pins an event as it is, with a bundle of the test's.</summary>
    public PinnedEvent Add(Event source, string bundle = "{}", string? note = null, bool isComplete = true) => All[source.Id] = new()
    {
        Pin = new()
        {
            Event = source.Id, EventCreated = source.Created, TriggerRef = source.TriggerRef, Note = note, PinnedAt = attune.Clock.GetUtcNow(),
            CopiedAt = attune.Clock.GetUtcNow(), IsComplete = isComplete, NextCopyAt = isComplete ? null : attune.Clock.GetUtcNow().AddMinutes(1),
            Bytes = bundle.Length,
        },
        Bundle = FakeAttune.Json(bundle),
    };

    public Task<Page<PinnedEventSummary>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        var rows = All.Values.Select(kept => kept.Pin).OrderByDescending(pin => pin.PinnedAt).ThenByDescending(pin => pin.Event)
            .Where(pin => page.After is not { } after || (pin.PinnedAt, pin.Event).CompareTo((after.At, after.Id)) < 0)
            .Take(page.Size + 1).ToList();
        return Task.FromResult(Page.From(rows, page.Size, pin => new Cursor(pin.PinnedAt, pin.Event)));
    }

    public Task<PinTotals> TotalsAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new PinTotals(All.Count, All.Values.Sum(kept => kept.Pin.Bytes)));

    public Task<PinnedEventSummary?> FindAsync(long id, CancellationToken cancellationToken) =>
        Task.FromResult(All.GetValueOrDefault(id)?.Pin);

    public Task<PinnedEvent?> ReadAsync(long id, CancellationToken cancellationToken) => Task.FromResult(All.GetValueOrDefault(id));

    public Task<MadePin?> PinAsync(long id, string? note, CancellationToken cancellationToken)
    {
        if (Refusal is not null)
        {
            return Task.FromException<MadePin?>(Refusal);
        }

        var isNew = !All.ContainsKey(id);
        All[id] = isNew ? Add(attune.Events[id], note: note) : All[id] with { Pin = All[id].Pin with { Note = note } };
        return Task.FromResult<MadePin?>(new(All[id].Pin, isNew));
    }

    public Task<bool> UnpinAsync(long id, CancellationToken cancellationToken) => Task.FromResult(All.Remove(id));
}
