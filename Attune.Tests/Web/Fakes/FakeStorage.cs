using Attune.Modules.History;

namespace Attune.Tests.Web.Fakes;

/// <summary>The report that a test says.</summary>
public sealed class FakeStorage(FakeAttune attune) : IStorageReports
{
    public List<StorageTable> Tables { get; } = [];

    public Task<StorageReport> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(new StorageReport
    {
        At = attune.Clock.GetUtcNow(), Engine = "timescale", Server = "17.2", Extension = "2.28.3", DatabaseBytes = 123_000_000,
        Tables = [.. Tables], Jobs = [],
    });
}
