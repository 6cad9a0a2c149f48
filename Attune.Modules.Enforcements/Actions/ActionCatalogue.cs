using Attune.Db.Values;
using Attune.Modules.Events;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Modules.Enforcements.Actions;

/// <summary>
/// Writes the actions of this program into the catalogue before its worker begins, so that rules can name them. Rows of actions that
/// the program no longer has stay: other hosts may have them, and rules name them.
/// </summary>
internal sealed partial class ActionCatalogue(
    NpgsqlDataSource database, ICatalogue catalogue, IEnumerable<RegisteredAction> actions, ILogger<ActionCatalogue> logger)
    : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var own = actions.Where(action => action.IsInCatalogue).OrderBy(action => action.Ref, StringComparer.Ordinal).ToList();
        if (own.Count == 0)
        {
            return;
        }

        foreach (var action in own)
        {
            if (!await IsWrittenAsync(action, cancellationToken))
            {
                await WriteAsync(action, cancellationToken);
                Log.Written(logger, action.Ref);
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    // Asked first: a write that changes nothing would still tell every host to read its rules anew.
    private async Task<bool> IsWrittenAsync(RegisteredAction action, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT EXISTS (
                SELECT FROM action
                 WHERE ref = @Ref
                   AND NOT is_adhoc
                   AND label = coalesce(@Label, label)
                   AND description IS NOT DISTINCT FROM coalesce(@Description, description)
                   AND param_schema IS NOT DISTINCT FROM @ParamSchema::jsonb
                   AND out_schema IS NOT DISTINCT FROM @OutSchema::jsonb
                   AND timeout_seconds IS NOT DISTINCT FROM coalesce(@TimeoutSeconds, timeout_seconds)
                   AND max_retries = coalesce(@MaxRetries, max_retries))
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(sql, Values(action), cancellationToken: cancellationToken));
    }

    private Task WriteAsync(RegisteredAction action, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO action (ref, pack, pack_ref, label, description, param_schema, out_schema, timeout_seconds, max_retries, is_adhoc)
            SELECT @Ref, pack.id, pack.ref, coalesce(@Label, @standardLabel), @Description, @ParamSchema::jsonb, @OutSchema::jsonb,
                   @TimeoutSeconds::integer, coalesce(@MaxRetries::integer, 0), false
              FROM pack
             WHERE pack.ref = @packRef
                ON CONFLICT (ref) DO UPDATE
               SET pack = excluded.pack,
                   pack_ref = excluded.pack_ref,
                   label = coalesce(@Label, action.label),
                   description = coalesce(excluded.description, action.description),
                   param_schema = excluded.param_schema,
                   out_schema = excluded.out_schema,
                   timeout_seconds = coalesce(excluded.timeout_seconds, action.timeout_seconds),
                   max_retries = coalesce(@MaxRetries::integer, action.max_retries),
                   is_adhoc = false
            """;

        return catalogue.ChangeAsync(async connection =>
        {
            await catalogue.EnsurePackAsync(connection, Reference.PackOf(action.Ref, null), cancellationToken);
            return await connection.ExecuteAsync(new CommandDefinition(sql, Values(action), cancellationToken: cancellationToken));
        }, cancellationToken);
    }

    private static object Values(RegisteredAction action) => new
    {
        action.Ref,
        packRef = Reference.PackOf(action.Ref, null),
        action.Label,
        standardLabel = RegisteredAction.LabelOf(action.Ref),
        action.Description,
        action.ParamSchema,
        action.OutSchema,
        action.TimeoutSeconds,
        action.MaxRetries,
    };

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "Action {Action} is in the catalogue as this program has it")]
        public static partial void Written(ILogger logger, string action);
    }
}
