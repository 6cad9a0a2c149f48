using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Explains as a test says, and keeps what it was asked.</summary>
public sealed class FakeExplainer : IRuleExplainer
{
    public Dictionary<(string Rule, int? Version), RuleExplanation> Answers { get; } = [];

    /// <summary>What is said of all rules of the event's trigger, in the order in which they are shown.</summary>
    public List<RuleExplanation> All { get; } = [];

    public List<(long Event, string? Rule, int? Version)> Asked { get; } = [];

    /// <summary>The events whose rules were all asked.</summary>
    public List<long> AskedAll { get; } = [];

    public Task<RuleExplanation?> ExplainAsync(long id, RuleSubject subject, CancellationToken cancellationToken)
    {
        Asked.Add((id, subject.RuleRef, subject.Version));
        return Answers.TryGetValue((subject.RuleRef!, subject.Version), out var answer)
            ? Task.FromResult<RuleExplanation?>(answer)
            : throw new RefusedException(RefusalKind.NotFound, "rule", $"Rule '{subject.RuleRef}' not found");
    }

    public Task<EventExplanation?> ExplainRulesAsync(long id, int most, CancellationToken cancellationToken)
    {
        AskedAll.Add(id);
        return Task.FromResult<EventExplanation?>(new()
        {
            Event = id, TriggerRef = "github.push", EventCreated = default, Total = All.Count, HasMore = false,
            Matching = All.Count(one => one.Matches), Rules = [.. All.Take(most)],
        });
    }
}
