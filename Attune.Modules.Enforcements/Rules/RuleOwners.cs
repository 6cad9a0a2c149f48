using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Whether that is there by which rules are listed: a pack, an action or a trigger.</summary>
internal sealed class RuleOwners(NpgsqlDataSource database)
{
    /// <param name="filter">Names one of them.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<bool> ExistsAsync(RuleFilter filter, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT EXISTS (SELECT FROM pack WHERE ref = @PackRef)
                OR EXISTS (SELECT FROM action WHERE ref = @ActionRef)
                OR EXISTS (SELECT FROM trigger WHERE ref = @TriggerRef)
            """;

        if (!StorableText.IsStorable(filter.PackRef ?? filter.ActionRef ?? filter.TriggerRef))
        {
            return false;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            sql, new { filter.PackRef, filter.ActionRef, filter.TriggerRef }, cancellationToken: cancellationToken));
    }
}
