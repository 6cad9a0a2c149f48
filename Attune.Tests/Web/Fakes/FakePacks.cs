using Attune.Modules.Events;

namespace Attune.Tests.Web.Fakes;

public sealed class FakePacks(FakeAttune attune) : IPackRepository
{
    public Task<IReadOnlyList<PackSummary>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<PackSummary>>(
    [
        .. attune.Packs.OrderBy(pack => pack.Ref, StringComparer.Ordinal).Select(pack => new PackSummary
        {
            Ref = pack.Ref, Label = pack.Label, Version = pack.Version, Created = attune.Clock.GetUtcNow(),
            Updated = attune.Clock.GetUtcNow(),
        }),
    ]);

    public Task<PackDetail?> FindAsync(string reference, CancellationToken cancellationToken) => Task.FromResult(
        attune.Packs.Find(pack => pack.Ref == reference) is { } found
            ? new PackDetail(found, attune.Clock.GetUtcNow(), attune.Clock.GetUtcNow(), []) : null);

    public async Task<PackDetail> CreateAsync(Pack pack, CancellationToken cancellationToken)
    {
        attune.Packs.Add(pack);
        return (await FindAsync(pack.Ref, cancellationToken))!;
    }

    public Task<PackDetail?> UpdateAsync(string reference, Func<Pack, Pack> change, CancellationToken cancellationToken)
    {
        var place = attune.Packs.FindIndex(one => one.Ref == reference);
        attune.Packs[place] = change(attune.Packs[place]);
        return FindAsync(reference, cancellationToken);
    }

    public Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken) =>
        Task.FromResult(attune.Packs.RemoveAll(pack => pack.Ref == reference) > 0);
}
