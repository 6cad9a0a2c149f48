using System.Text.Json;
using Attune.Db.Faults;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Actions.Schemas;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

internal sealed class ExecutionRepository(
    NpgsqlDataSource database, ListConnections lists, IdRanges ids, TimeProvider clock) : IExecutionRepository
{
    internal const string FindSql = $"""
        SELECT {Columns}
          FROM execution
         WHERE id = @id
           AND created >= @Since
           AND created < @Until
        """;

    private const string Columns = """
        id, action, action_ref, config, parent, enforcement, rule_ref, trigger_ref, executor, worker, status, result, progress,
               retry_count, max_retries, retry_reason, original_execution, rerun_of, lost_count, not_before, started_at, created, updated
        """;

    // No index knows what a result contains: a text that few have is looked for as long as this, in seconds.
    private const int SearchTimeout = 20;

    public Task<Execution?> FindAsync(long id, CancellationToken cancellationToken) =>
        ids.FindAsync(IdTable.Execution, id, async (range, token) =>
        {
            await using var connection = await database.OpenConnectionAsync(token);
            return await connection.QuerySingleOrDefaultAsync<Execution>(
                new CommandDefinition(FindSql, new { id, range.Since, range.Until }, cancellationToken: token));
        }, cancellationToken);

    public Task<bool> ExistsAsync(long id, CancellationToken cancellationToken) => ids.ExistsAsync(IdTable.Execution, id, cancellationToken);

    public async Task<Page<ExecutionSummary>> ListAsync(ExecutionFilter filter, PageRequest page, CancellationToken cancellationToken)
    {
        if (!ExecutionQueries.CanMatch(filter))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        var all = TimeWindows.Of(clock.GetUtcNow(), filter.Since, filter.Until, page);
        try
        {
            return await HintAsync(filter, cancellationToken) is { } hint
                && await ReadAsync(filter, page, [hint], cancellationToken) is { Items.Count: > 0 } found
                    ? found
                    : await ReadAsync(filter, page, all, cancellationToken);
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            throw filter.ResultContains is not null
                ? RefusedException.Invalid(
                    "result_contains", "Too many results would have to be read: narrow the list by since and until, or by action_ref.")
                : RefusedException.Invalid(
                    "since", "Too many executions would have to be read to find these: narrow the list by since and until, or by action_ref.");
        }
    }

    public async Task<Execution> CreateAsync(NewExecution execution, CancellationToken cancellationToken)
    {
        const string sql = $"""
            INSERT INTO execution (action, action_ref, config, parent, enforcement, rule_ref, trigger_ref, max_retries)
            SELECT id, ref, @Config::jsonb, @Parent, @Enforcement, @RuleRef, @TriggerRef, max_retries
              FROM action
             WHERE ref = @ActionRef
            RETURNING {Columns}
            """;

        if (execution.Config is { } config)
        {
            StorableJson.Check(config, "parameters");
        }

        StorableText.Check(execution.RuleRef, "rule_ref", 1_000, required: false);
        StorableText.Check(execution.TriggerRef, "trigger_ref", 1_000, required: false);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await CheckParametersAsync(connection, execution, cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Execution>(
            new CommandDefinition(sql, execution, cancellationToken: cancellationToken))
            ?? throw NoAction(execution);
    }

    public async Task<Execution?> CancelAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE execution
               SET status = CASE WHEN worker IS NULL THEN 'cancelled' ELSE 'canceling' END::execution_status_enum,
                   result = CASE WHEN worker IS NULL THEN @result::jsonb ELSE result END
             WHERE id = @id
               AND created = @Created
               AND status IN ('requested', 'scheduling', 'scheduled', 'running')
            """;

        if (await FindAsync(id, cancellationToken) is not { } found)
        {
            return null;
        }

        // Returned to the pool before the next one is taken: where all callers hold one and want two, nobody gets any.
        await using (var connection = await database.OpenConnectionAsync(cancellationToken))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                sql, new { id, found.Created, result = ExecutionResult.Failed("It was cancelled.") },
                cancellationToken: cancellationToken));
        }

        return await FindAsync(id, cancellationToken) is not { } after ? null
            : after.Status is ExecutionStatus.Canceling or ExecutionStatus.Cancelled ? after
            : throw new RefusedException(
                RefusalKind.Conflict, "status",
                $"Execution {id} is over: it is {EnumNames.Of(after.Status)}, and can no longer be cancelled.");
    }

    private static RefusedException NoAction(NewExecution execution) =>
        new(RefusalKind.NotFound, "action_ref", $"Action '{Reference.Shown(execution.ActionRef)}' not found");

    private static async Task CheckParametersAsync(NpgsqlConnection connection, NewExecution execution, CancellationToken cancellationToken)
    {
        const string sql = "SELECT ref, param_schema FROM action WHERE ref = @ActionRef";
        if (!StorableText.IsStorable(execution.ActionRef)
            || await connection.QuerySingleOrDefaultAsync<(string Ref, JsonElement? Schema)?>(
                new CommandDefinition(sql, new { execution.ActionRef }, cancellationToken: cancellationToken)) is not { } action)
        {
            throw NoAction(execution);
        }

        ParameterSchema.Check(action.Schema, execution.Config, "parameters", templates: false);
    }

    // What belongs to a row was written after it, and may have been written long after.
    private async Task<TimeRange?> HintAsync(ExecutionFilter filter, CancellationToken cancellationToken)
    {
        var hint = filter.Enforcement is { } enforcement ? await ids.HintAsync(IdTable.Enforcement, enforcement, cancellationToken)
            : filter.RerunOf is { } rerun ? await ids.HintAsync(IdTable.Execution, rerun, cancellationToken)
            : filter.OriginalExecution is { } first ? await ids.HintAsync(IdTable.Execution, first, cancellationToken)
            : filter.Parent is { } parent ? await ids.HintAsync(IdTable.Execution, parent, cancellationToken)
            : TimeRange.Always;
        return hint == TimeRange.Always ? null : (hint with { Until = TimeRange.Always.Until }).Within(filter.Since, filter.Until);
    }

    private async Task<Page<ExecutionSummary>> ReadAsync(
        ExecutionFilter filter, PageRequest page, IReadOnlyList<TimeRange> windows, CancellationToken cancellationToken)
    {
        int? timeout = filter.ResultContains is null ? null : SearchTimeout;
        var rows = await TimeWindows.ReadAsync(windows, page.Size + 1, async (range, limit) =>
        {
            var (sql, parameters) = ExecutionQueries.List(filter, page, range, limit);
            await using var connection = await lists.OpenAsync(range, page, cancellationToken);
            return await connection.QueryAsync<ExecutionSummary>(
                new CommandDefinition(sql, parameters, commandTimeout: timeout, cancellationToken: cancellationToken));
        });
        Total? total = page.IncludeTotal
            ? await TimeWindows.CountAsync(
                database, windows, (range, limit) => ExecutionQueries.Count(filter, range, limit), timeout, cancellationToken)
            : null;
        return Page.From(rows, page, total);
    }
}
