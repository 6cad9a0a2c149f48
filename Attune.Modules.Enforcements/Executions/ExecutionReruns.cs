using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Actions.Schemas;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

internal sealed class ExecutionReruns(NpgsqlDataSource database, IExecutionRepository executions) : IExecutionReruns
{
    /// <summary>The statuses of executions that are over, as SQL lists them.</summary>
    public const string Final = "'completed', 'failed', 'cancelled', 'timeout', 'abandoned'";

    public async Task<Execution?> RerunAsync(long id, ExecutionRerun rerun, CancellationToken cancellationToken)
    {
        if (await executions.FindAsync(id, cancellationToken) is not { } found)
        {
            return null;
        }

        RerunRow row;

        // Returned to the pool before the next one is taken: where all callers hold one and want two, nobody gets any.
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await CheckAsync(connection, found.ActionRef, rerun.Parameters, rerun.Parameters ?? found.Config, cancellationToken);
            var rows = await RerunAsync(connection, [(found.Id, found.Created)], rerun, cancellationToken);
            if (rows.Count == 0)
            {
                return null;
            }

            row = rows[0];
        }

        return row.Made is { } made
            ? await executions.FindAsync(made, cancellationToken)
            : throw new RefusedException(row.HasAction ? RefusalKind.Conflict : RefusalKind.NotFound, row.Field, row.Reason);
    }

    /// <summary>Runs executions again that are there, in the transaction of the connection where it has one.</summary>
    /// <returns>What became of each that is still there.</returns>
    public static async Task<IReadOnlyList<RerunRow>> RerunAsync(
        NpgsqlConnection connection, IReadOnlyList<(long Id, DateTimeOffset Created)> wanted, ExecutionRerun rerun,
        CancellationToken cancellationToken)
    {
        // An attempt came after the one before it, so later ones have a later created.
        const string sql = $"""
            WITH wanted AS (
                SELECT again.id, again.status, again.config, again.enforcement, again.rule_ref, again.trigger_ref, again.action_ref,
                       action.id AS action, action.max_retries,
                       again.status IN ({Final}) AS is_over,
                       EXISTS (SELECT
                                 FROM execution AS attempt
                                WHERE attempt.original_execution = coalesce(again.original_execution, again.id)
                                  AND attempt.created >= @oldest
                                  AND attempt.status NOT IN ({Final})) AS has_attempt
                  FROM execution AS again
                  LEFT JOIN action ON action.ref = again.action_ref
                 WHERE again.id = ANY(@ids)
                   AND again.created >= @oldest
                   AND again.created <= @newest
            ), made AS (
                INSERT INTO execution (action, action_ref, config, enforcement, rule_ref, trigger_ref, max_retries, rerun_of)
                SELECT action, action_ref, coalesce(@parameters::jsonb, config), enforcement, rule_ref, trigger_ref, max_retries, id
                  FROM wanted
                 WHERE action IS NOT NULL
                   AND (@Force OR (is_over AND NOT has_attempt))
                 ORDER BY array_position(@ids, id)
                RETURNING id, rerun_of
            )
            SELECT wanted.id, wanted.status, wanted.action_ref, wanted.action IS NOT NULL AS has_action, wanted.is_over, made.id AS made
              FROM wanted
              LEFT JOIN made ON made.rerun_of = wanted.id
            """;

        return (await connection.QueryAsync<RerunRow>(new CommandDefinition(sql, new
        {
            ids = wanted.Select(one => one.Id).ToArray(),
            oldest = wanted.Min(one => one.Created),
            newest = wanted.Max(one => one.Created),
            parameters = rerun.Parameters?.GetRawText(),
            rerun.Force,
        }, cancellationToken: cancellationToken))).AsList();
    }

    private static async Task CheckAsync(
        NpgsqlConnection connection, string action, JsonElement? given, JsonElement? parameters, CancellationToken cancellationToken)
    {
        const string sql = "SELECT ref, param_schema FROM action WHERE ref = @action";
        if (given is { ValueKind: not JsonValueKind.Object })
        {
            throw RefusedException.Invalid("parameters", "parameters must be an object.");
        }

        if (given is { } others)
        {
            StorableJson.Check(others, "parameters");
        }

        var found = await connection.QuerySingleOrDefaultAsync<(string Ref, JsonElement? Schema)?>(
            new CommandDefinition(sql, new { action }, cancellationToken: cancellationToken));
        ParameterSchema.Check(found?.Schema, parameters, "parameters", templates: false);
    }
}

/// <summary>What became of an execution that was to be run again.</summary>
internal sealed record RerunRow
{
    public required long Id { get; init; }
    public required ExecutionStatus Status { get; init; }
    public required string ActionRef { get; init; }
    public required bool HasAction { get; init; }
    public required bool IsOver { get; init; }

    /// <summary>The new execution; null where none was made.</summary>
    public long? Made { get; init; }

    public string Field => HasAction ? "status" : "action_ref";

    /// <summary>Why none was made.</summary>
    public string Reason => this switch
    {
        { HasAction: false } => $"Action '{ActionRef}' not found",
        { IsOver: false } => $"Execution {Id} is not over: it is {EnumNames.Of(Status)}. With force it is run again all the same.",
        _ => $"A later attempt of execution {Id} is not over. With force it is run again all the same.",
    };
}
