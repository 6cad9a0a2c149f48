using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Triggers;

internal sealed class TriggersOfPacks(NpgsqlDataSource database) : IPackMembers
{
    public async Task<IReadOnlyList<PackMember>> ListAsync(string? packRef, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, ref, label, pack_ref
              FROM trigger
             WHERE pack_ref IS NOT NULL
               AND (@packRef::text IS NULL OR pack_ref = @packRef)
             ORDER BY ref
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return
        [
            .. (await connection.QueryAsync<(long Id, string Ref, string Label, string PackRef)>(
                new CommandDefinition(sql, new { packRef }, cancellationToken: cancellationToken)))
                .Select(row => new PackMember(CatalogueKind.Trigger, row.Id, row.Ref, row.Label, row.PackRef)),
        ];
    }
}
