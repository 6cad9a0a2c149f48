using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Explains as a test says, and keeps what it was asked.</summary>
public sealed class FakeExplainer : IRuleExplainer
{
    public Dictionary<(string Rule, int? Version), RuleExplanation> Answers { get; } = [];

    public List<(long Event, string? Rule, int? Version)> Asked { get; } = [];

    public Task<RuleExplanation?> ExplainAsync(long id, RuleSubject subject, CancellationToken cancellationToken)
    {
        Asked.Add((id, subject.RuleRef, subject.Version));
        return Answers.TryGetValue((subject.RuleRef!, subject.Version), out var answer)
            ? Task.FromResult<RuleExplanation?>(answer)
            : throw new RefusedException(RefusalKind.NotFound, "rule", $"Rule '{subject.RuleRef}' not found");
    }
}
