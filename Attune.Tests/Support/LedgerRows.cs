using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Dapper;
using Npgsql;

namespace Attune.Tests.Support;

/// <summary>An enforcement as a test wants it to lie in the table, without an append that would have left it.</summary>
internal sealed record EnforcementRow
{
    public long? Rule { get; init; }
    public required string RuleRef { get; init; }
    public int? RuleVersion { get; init; }
    public required string TriggerRef { get; init; }
    public long? Event { get; init; }
    public DateTimeOffset? Created { get; init; }
}

/// <summary>Writes ledger rows past the modules, which only append and resolve.</summary>
internal static class LedgerRows
{
    /// <returns>The id of the row.</returns>
    public static async Task<long> InsertEnforcementAsync(
        this NpgsqlDataSource database, EnforcementRow row, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO enforcement (rule, rule_ref, rule_version, trigger_ref, event, payload, condition, conditions, created)
            VALUES (@Rule, @RuleRef, @RuleVersion, @TriggerRef, @Event, '{}', 'all', '[]', coalesce(@Created::timestamptz, now()))
            RETURNING id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long>(new CommandDefinition(sql, row, cancellationToken: cancellationToken));
    }

    /// <summary>Resolves an enforcement as the resolver does, without an execution.</summary>
    /// <returns>False where it is resolved already.</returns>
    public static async Task<bool> ResolveEnforcementAsync(
        this NpgsqlDataSource database, long id, EnforcementStatus status, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE enforcement
               SET status = @status::enforcement_status_enum, resolved_at = clock_timestamp()
             WHERE id = @id
               AND status = 'created'
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(
            new CommandDefinition(sql, new { id, status = EnumNames.Of(status) }, cancellationToken: cancellationToken)) > 0;
    }

    /// <returns>False where there is no such row.</returns>
    public static async Task<bool> DeleteRowAsync(
        this NpgsqlDataSource database, string table, long id, CancellationToken cancellationToken)
    {
        var sql = $"DELETE FROM {table} WHERE id = @id";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteAsync(new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken)) > 0;
    }
}
