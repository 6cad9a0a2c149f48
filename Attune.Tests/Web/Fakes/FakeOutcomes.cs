using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;

namespace Attune.Tests.Web.Fakes;

public sealed class FakeOutcomes(FakeAttune attune, IEventRepository events) : IEventOutcomes
{
    /// <summary>The filters that were asked for, oldest first.</summary>
    public List<OutcomeFilter> Asked { get; } = [];

    public async Task<Page<MatchedEvent>> ListAsync(OutcomeFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        Asked.Add(filter);
        var read = await events.ListAsync(filter.Events, page, cancellationToken);
        var found = await OfEventsAsync(read.Items, cancellationToken);
        return new([.. found.Where(one => filter.RuleRef is null || one.Rules.Any(rule => rule.RuleRef == filter.RuleRef))], read.Next);
    }

    public Task<IReadOnlyList<MatchedEvent>> OfEventsAsync(IReadOnlyList<EventSummary> events, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult<IReadOnlyList<MatchedEvent>>([.. events.Select(one => new MatchedEvent
            {
                Event = one,
                Rules = [.. attune.Enforcements.Values.Where(row => row.Event == one.Id).OrderBy(row => row.Id).Select(Of)],
            })]);
        }
    }

    public async Task<IReadOnlyList<EventSummary>> HoldingAsync(
        OutcomeFilter filter, IReadOnlyList<EventSummary> events, CancellationToken cancellationToken) =>
        [
            .. (await OfEventsAsync(events, cancellationToken))
                .Where(one => filter.RuleRef is null || one.Rules.Any(rule => rule.RuleRef == filter.RuleRef))
                .Select(one => one.Event),
        ];

    public Task<IReadOnlyList<RuleOutcome>> OfEnforcementsAsync(
        IReadOnlyList<EnforcementSummary> enforcements, CancellationToken cancellationToken)
    {
        lock (attune.Gate)
        {
            return Task.FromResult<IReadOnlyList<RuleOutcome>>([.. enforcements.Select(row => Of(attune.Enforcements[row.Id]))]);
        }
    }

    private RuleOutcome Of(Enforcement row)
    {
        var newest = attune.Executions.Values.Where(one => one.Enforcement == row.Id).MaxBy(one => one.Id);
        return new()
        {
            Enforcement = row.Id, Event = row.Event, RuleRef = row.RuleRef, Status = row.Status, Shadow = row.Shadow,
            Execution = newest?.Id, ExecutionStatus = newest?.Status,
            Error = newest?.Result is { ValueKind: JsonValueKind.Object } result && result.TryGetProperty("error", out var error)
                ? error.GetString()
                : null,
        };
    }
}
