using Attune.Modules.History;

namespace Attune.Tests.Web.Fakes;

/// <summary>Keeps rows as long as a test says.</summary>
public sealed class FakeRetention : IRetention
{
    public KeptRows Kept { get; set; } = new() { Keep = TimeSpan.FromDays(90) };

    public Task<KeptRows> ReadAsync(IdTable table, CancellationToken cancellationToken) => Task.FromResult(Kept);
}
