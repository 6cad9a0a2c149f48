using Attune.Db;
using Attune.Db.Faults;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Packs;

internal sealed class PackRepository(NpgsqlDataSource database, ICatalogue catalogue, IEnumerable<IPackMembers> members) : IPackRepository
{
    private const string Columns = "ref, label, description, version, created, updated, config";
    private const string TooLong = "The packs could not be read in time. Try again in a while.";

    // In seconds.
    private const int Timeout = 10;

    public async Task<IReadOnlyList<PackSummary>> ListAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT ref, label, description, version, created, updated
              FROM pack
             ORDER BY ref
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var packs = (await connection.QueryAsync<PackSummary>(
            new CommandDefinition(sql, commandTimeout: Timeout, cancellationToken: cancellationToken)).OrRefuseAsync(null, TooLong)).AsList();
        var within = (await MembersAsync(null, cancellationToken)).ToLookup(member => member.PackRef);
        return
        [
            .. packs.Select(pack => pack with
            {
                Triggers = within[pack.Ref].Count(member => member.Kind == CatalogueKind.Trigger),
                Rules = within[pack.Ref].Count(member => member.Kind == CatalogueKind.Rule),
                Actions = within[pack.Ref].Count(member => member.Kind == CatalogueKind.Action),
                FromFiles = within[pack.Ref].Count(member => member.IsFromFiles),
            }),
        ];
    }

    public async Task<PackDetail?> FindAsync(string reference, CancellationToken cancellationToken) =>
        await RowAsync(reference, cancellationToken) is { } row
            ? new(row.ToPack() with { Config = PackConfig.Mask(row.Config) }, row.Created, row.Updated,
                await MembersAsync(row.Ref, cancellationToken))
            : null;

    public async Task<PackDetail> CreateAsync(Pack pack, CancellationToken cancellationToken)
    {
        PackWriter.Check(pack);
        await catalogue.ChangeAsync(async connection =>
            await RowAsync(connection, pack.Ref, cancellationToken) is null
                ? await catalogue.ApplyPackAsync(pack, cancellationToken)
                : throw new RefusedException(RefusalKind.Conflict, "ref", $"Pack '{pack.Ref}' already exists"), cancellationToken);
        return (await FindAsync(pack.Ref, cancellationToken))!;
    }

    public async Task<PackDetail?> UpdateAsync(string reference, Func<Pack, Pack> change, CancellationToken cancellationToken)
    {
        // What it is changed from is read under the lock under which it is changed: of two changes at once none undoes the other.
        var isThere = StorableText.IsStorable(reference) && await catalogue.ChangeAsync(async connection =>
        {
            if (await RowAsync(connection, reference, cancellationToken, "FOR UPDATE") is not { } row)
            {
                return false;
            }

            var changed = change(row.ToPack() with { Config = PackConfig.Mask(row.Config) }) with { Ref = row.Ref };
            await catalogue.ApplyPackAsync(changed with { Config = PackConfig.Restore(changed.Config, row.Config) }, cancellationToken);
            return true;
        }, cancellationToken);
        return isThere ? await FindAsync(reference, cancellationToken) : null;
    }

    public async Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        var within = StorableText.IsStorable(reference) ? await MembersAsync(reference, cancellationToken) : [];
        if (within.Count > 0)
        {
            throw new RefusedException(
                RefusalKind.Conflict, "ref",
                $"Pack '{reference}' is not empty: {string.Join(", ", within.Take(5).Select(member => member.Ref))}"
                + $"{(within.Count > 5 ? $" and {within.Count - 5} more" : "")} have to be deleted first.");
        }

        return StorableText.IsStorable(reference) && await catalogue.ChangeAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM pack WHERE ref = @reference", new { reference }, cancellationToken: cancellationToken)),
            cancellationToken) > 0;
    }

    private async Task<IReadOnlyList<PackMember>> MembersAsync(string? packRef, CancellationToken cancellationToken)
    {
        var found = new List<PackMember>();
        foreach (var one in members)
        {
            found.AddRange(await one.ListAsync(packRef, cancellationToken).OrRefuseAsync(null, TooLong));
        }

        var applied = new Dictionary<CatalogueKind, IReadOnlySet<long>>();
        foreach (var kind in found.Select(member => member.Kind).Distinct())
        {
            applied[kind] = await catalogue.AppliedAsync(kind, cancellationToken).OrRefuseAsync(null, TooLong);
        }

        return
        [
            .. found.Select(member => member with { IsFromFiles = applied[member.Kind].Contains(member.Id) })
                .OrderBy(member => member.Kind).ThenBy(member => member.Ref, StringComparer.Ordinal),
        ];
    }

    private async Task<Row?> RowAsync(string reference, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(reference))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await RowAsync(connection, reference, cancellationToken).OrRefuseAsync(null, TooLong);
    }

    private static Task<Row?> RowAsync(
        NpgsqlConnection connection, string reference, CancellationToken cancellationToken, string? locked = null) =>
        connection.QuerySingleOrDefaultAsync<Row>(new CommandDefinition(
            $"SELECT {Columns} FROM pack WHERE ref = @reference {locked}", new { reference }, commandTimeout: Timeout,
            cancellationToken: cancellationToken));

    private sealed record Row
    {
        public required string Ref { get; init; }
        public required string Label { get; init; }
        public string? Description { get; init; }
        public required string Version { get; init; }
        public required DateTimeOffset Created { get; init; }
        public required DateTimeOffset Updated { get; init; }
        public System.Text.Json.JsonElement? Config { get; init; }

        public Pack ToPack() => new() { Ref = Ref, Label = Label, Description = Description, Version = Version, Config = Config };
    }
}
