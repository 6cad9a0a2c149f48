using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Says what a test has put into it.</summary>
public sealed class FakeDurations : IDurations, IRuleChanges
{
    public DurationPair? ToResolve { get; set; }

    public List<FailureReason> Failures { get; } = [];

    public List<RuleChange> Changes { get; } = [];

    public Task<DurationPair?> ToResolveAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult(ToResolve);

    public Task<DurationPair?> ToCompleteAsync(DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken) =>
        Task.FromResult<DurationPair?>(null);

    public Task<IReadOnlyList<FailureReason>> FailuresAsync(
        DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<FailureReason>>([.. Failures.Take(limit)]);

    public Task<IReadOnlyList<RuleChange>> ListAsync(RuleChangeFilter filter, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<RuleChange>>([.. Changes
            .Where(change => (filter.RuleRef is null || change.RuleRef == filter.RuleRef) && FakeLists.Within(change.At, filter.Since, filter.Until))]);
}
