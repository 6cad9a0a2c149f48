using Attune.Web;

namespace Attune.Tests.Web.Fakes;

/// <summary>Finds what a test says.</summary>
public sealed class FakeFindings : IFindings
{
    public IReadOnlyList<Finding> Found { get; set; } = [];

    public Task<IReadOnlyList<Finding>> LookAsync(CancellationToken cancellationToken) => Task.FromResult(Found);
}
