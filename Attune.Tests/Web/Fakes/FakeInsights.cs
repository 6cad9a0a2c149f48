using System.Runtime.CompilerServices;
using Attune.Modules.Enforcements;

namespace Attune.Tests.Web.Fakes;

/// <summary>Tells of rules and unmatched events what a test says.</summary>
public sealed class FakeInsights : IRuleHealth, IUnmatchedEvents
{
    public List<RuleFinding> Findings { get; } = [];

    public List<UnmatchedReport> Steps { get; } = [];

    public UnmatchedRequest? Asked { get; private set; }

    public Task<RuleHealthReport> ReadAsync(CancellationToken cancellationToken) =>
        Task.FromResult(new RuleHealthReport { At = default, Rules = 7, Findings = Findings });

    public async IAsyncEnumerable<UnmatchedReport> RunAsync(
        UnmatchedRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Asked = request;
        foreach (var step in Steps)
        {
            await Task.Yield();
            yield return step;
        }
    }
}
