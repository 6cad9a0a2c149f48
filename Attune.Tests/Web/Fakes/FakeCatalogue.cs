using Attune.Modules.Events;
using Npgsql;

namespace Attune.Tests.Web.Fakes;

public sealed class FakeCatalogue(FakeAttune attune) : ICatalogue
{
    public Task<T> ChangeAsync<T>(Func<NpgsqlConnection, Task<T>> change, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page has a connection.");

    public Task EnsurePackAsync(NpgsqlConnection connection, string reference, CancellationToken cancellationToken) =>
        throw new NotSupportedException("No page has a connection.");

    public Task<IReadOnlyList<Pack>> ListPacksAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Pack>>([.. attune.Packs.OrderBy(pack => pack.Ref, StringComparer.Ordinal)]);

    public Task<Applied<Pack>> ApplyPackAsync(Pack pack, CancellationToken cancellationToken)
    {
        var before = attune.Packs.Find(one => one.Ref == pack.Ref);
        attune.Packs.RemoveAll(one => one.Ref == pack.Ref);
        attune.Packs.Add(pack);
        return Task.FromResult(new Applied<Pack>(before, pack, HasChanged: true));
    }

    public Task MarkAppliedAsync(CatalogueKind kind, long id, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IReadOnlySet<long>> AppliedAsync(CatalogueKind kind, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlySet<long>>(new HashSet<long>());
}
