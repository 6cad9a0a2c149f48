using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Rules;

/// <summary>Lets an event name the rule that it is meant for.</summary>
internal sealed class RuleTargets(NpgsqlDataSource database) : IRuleTargets
{
    public async Task<RuleTarget?> FindAsync(long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var reference = await connection.ExecuteScalarAsync<string?>(
            new CommandDefinition("SELECT ref FROM rule WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        return reference is null ? null : new(id, reference);
    }
}
