using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Sends events again as a test says, and keeps how.</summary>
public sealed class FakeReplays(FakeAttune attune) : IEventReplays
{
    /// <summary>What a dry run answers.</summary>
    public List<ReplayTrialRule> Rules { get; } = [];

    public List<EventReplay> Tried { get; } = [];

    public List<EventReplay> Sent { get; } = [];

    public Task<ReplayedEvent?> ReplayAsync(long id, EventReplay replay, CancellationToken cancellationToken)
    {
        Sent.Add(replay);
        var original = attune.Events[id];
        var again = attune.AddEvent(original.TriggerRef, (replay.Payload ?? original.Payload)?.GetRawText());
        attune.Events[again.Id] = again with { ReplayOf = id };
        return Task.FromResult<ReplayedEvent?>(new(attune.Events[again.Id], new() { Id = again.Id, Created = again.Created }));
    }

    public Task<ReplayTrial?> TryAsync(long id, EventReplay replay, CancellationToken cancellationToken)
    {
        Tried.Add(replay);
        return Task.FromResult<ReplayTrial?>(new()
        {
            Event = id, TriggerRef = attune.Events[id].TriggerRef, TriggerEnabled = true, PayloadChanged = replay.Payload is not null,
            Rules = [.. Rules],
        });
    }
}
