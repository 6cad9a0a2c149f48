using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

internal sealed class RulesOfPacks(NpgsqlDataSource database) : IPackMembers
{
    public async Task<IReadOnlyList<PackMember>> ListAsync(string? packRef, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, ref, label, pack_ref
              FROM rule
             WHERE pack_ref IS NOT NULL
               AND (@packRef::text IS NULL OR pack_ref = @packRef)
             ORDER BY ref
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return
        [
            .. (await connection.QueryAsync<(long Id, string Ref, string Label, string PackRef)>(
                new CommandDefinition(sql, new { packRef }, cancellationToken: cancellationToken)))
                .Select(row => new PackMember(CatalogueKind.Rule, row.Id, row.Ref, row.Label, row.PackRef)),
        ];
    }
}
