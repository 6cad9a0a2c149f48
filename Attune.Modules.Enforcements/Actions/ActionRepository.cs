using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Enforcements.Actions.Schemas;
using Attune.Modules.Events;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Actions;

internal sealed class ActionRepository(NpgsqlDataSource database, ICatalogue catalogue) : IActionRepository
{
    // Schemas may be large.
    internal const string ListSql = """
        SELECT id, ref, pack_ref, label, description, timeout_seconds, max_retries, is_adhoc, created, updated
          FROM action
         ORDER BY ref
        OFFSET @Place
         LIMIT @limit
        """;

    private const string Columns =
        "id, ref, pack_ref, label, description, param_schema, out_schema, timeout_seconds, max_retries, is_adhoc, created, updated";

    private const int LongestTimeout = 30 * 86_400;
    private const int MostRetries = 100;

    public Task<Action?> FindAsync(string reference, CancellationToken cancellationToken) =>
        OneAsync(reference, $"SELECT {Columns} FROM action WHERE ref = @reference", new { reference }, cancellationToken);

    public async Task<Page<ActionSummary>> ListAsync(PageRequest page, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<ActionSummary>(new CommandDefinition(
            ListSql, new { page.Place, limit = page.Size + 1 }, cancellationToken: cancellationToken))).AsList();
        Total? total = !page.IncludeTotal ? null : Total.Of(await connection.ExecuteScalarAsync<long>(
            new CommandDefinition("SELECT count(*) FROM action", cancellationToken: cancellationToken)));
        return Page.FromPlace(rows, page, total);
    }

    public Task<Action> CreateAsync(NewAction action, CancellationToken cancellationToken) =>
        InsertAsync(action, CheckedPackOf(action), isAdhoc: true, cancellationToken);

    public Task<Applied<Action>> ApplyAsync(NewAction action, CancellationToken cancellationToken)
    {
        const string findSql = $"SELECT {Columns} FROM action WHERE ref = @Ref FOR UPDATE";

        // Asked before, and not by the update: one of no rows would still count the epoch on.
        const string differsSql = """
            SELECT (pack_ref, label, description, param_schema, out_schema, timeout_seconds, max_retries)
                   IS DISTINCT FROM
                   (@packRef, @Label, @Description::text, @ParamSchema::jsonb, @OutSchema::jsonb, nullif(@TimeoutSeconds::integer, 0),
                    @MaxRetries)
              FROM action
             WHERE ref = @Ref
            """;
        const string updateSql = $"""
            UPDATE action
               SET pack = (SELECT id FROM pack WHERE ref = @packRef),
                   pack_ref = @packRef,
                   label = @Label,
                   description = @Description,
                   param_schema = @ParamSchema::jsonb,
                   out_schema = @OutSchema::jsonb,
                   timeout_seconds = nullif(@TimeoutSeconds::integer, 0),
                   max_retries = @MaxRetries,
                   is_adhoc = false
             WHERE ref = @Ref
            RETURNING {Columns}
            """;

        var packRef = CheckedPackOf(action);
        return catalogue.ChangeAsync(async connection =>
        {
            if (await connection.QuerySingleOrDefaultAsync<Action>(Command(findSql)) is not { } before)
            {
                return new Applied<Action>(null, await InsertAsync(action, packRef, isAdhoc: false, cancellationToken), HasChanged: true);
            }

            if (!await connection.ExecuteScalarAsync<bool>(Command(differsSql)))
            {
                return new(before, before, HasChanged: false);
            }

            await catalogue.EnsurePackAsync(connection, packRef, cancellationToken);
            return new(before, await connection.QuerySingleAsync<Action>(Command(updateSql)), HasChanged: true);
        }, cancellationToken);

        CommandDefinition Command(string sql) => new(sql, Values(action, packRef, isAdhoc: false), cancellationToken: cancellationToken);
    }

    public Task<Action?> UpdateAsync(string reference, ActionUpdate update, CancellationToken cancellationToken)
    {
        Check(update);
        return ChangeAsync(reference, $"""
            UPDATE action
               SET label = coalesce(@Label, label),
                   description = coalesce(@Description, description),
                   param_schema = coalesce(@ParamSchema::jsonb, param_schema),
                   out_schema = coalesce(@OutSchema::jsonb, out_schema),
                   timeout_seconds = nullif(coalesce(@TimeoutSeconds, timeout_seconds), 0),
                   max_retries = coalesce(@MaxRetries, max_retries)
             WHERE ref = @reference
            RETURNING {Columns}
            """,
            new { reference, update.Label, update.Description, update.ParamSchema, update.OutSchema, update.TimeoutSeconds,
                update.MaxRetries },
            cancellationToken);
    }

    public async Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken)
    {
        var deleted = await ChangeAsync(
            reference, $"""
            DELETE FROM action
             WHERE ref = @reference
               AND (is_adhoc OR EXISTS (SELECT FROM applied_object WHERE kind = 'action' AND object = action.id))
            RETURNING {Columns}
            """, new { reference }, cancellationToken);
        return deleted is not null || (await FindAsync(reference, cancellationToken) is null
            ? false
            : throw new RefusedException(RefusalKind.Conflict, "ref", $"Action '{reference}' came with its pack, and cannot be deleted."));
    }

    /// <summary>Passes for what an action may say of itself.</summary>
    /// <exception cref="RefusedException">A value cannot be accepted; the field names it.</exception>
    internal static void Check(ActionUpdate update)
    {
        if (update.Label is not null)
        {
            StorableText.CheckLabel(update.Label);
        }

        StorableText.CheckDescription(update.Description);
        if (update.ParamSchema is { } parameters)
        {
            ParameterSchema.Parse(parameters, "param_schema");
        }

        if (update.OutSchema is { } answer)
        {
            StorableJson.Check(answer, "out_schema");
        }

        if (update.TimeoutSeconds is < 0 or > LongestTimeout)
        {
            throw RefusedException.Invalid(
                "timeout_seconds", $"timeout_seconds must be a whole number from 0 to {LongestTimeout}; 0 is no limit.");
        }

        if (update.MaxRetries is < 0 or > MostRetries)
        {
            throw RefusedException.Invalid("max_retries", $"max_retries must be a whole number from 0 to {MostRetries}.");
        }
    }

    private static string CheckedPackOf(NewAction action)
    {
        Reference.Check(action.Ref, "ref");
        var packRef = Reference.PackOf(action.Ref, action.PackRef);
        StorableText.CheckLabel(action.Label);
        Check(new()
        {
            Description = action.Description,
            ParamSchema = action.ParamSchema,
            OutSchema = action.OutSchema,
            TimeoutSeconds = action.TimeoutSeconds,
            MaxRetries = action.MaxRetries,
        });
        return packRef;
    }

    private static object Values(NewAction action, string packRef, bool isAdhoc) => new
    {
        action.Ref,
        packRef,
        action.Label,
        action.Description,
        action.ParamSchema,
        action.OutSchema,
        action.TimeoutSeconds,
        action.MaxRetries,
        isAdhoc,
    };

    private Task<Action> InsertAsync(NewAction action, string packRef, bool isAdhoc, CancellationToken cancellationToken)
    {
        const string sql = $"""
            INSERT INTO action (ref, pack, pack_ref, label, description, param_schema, out_schema, timeout_seconds, max_retries, is_adhoc)
            SELECT @Ref, pack.id, pack.ref, @Label, @Description, @ParamSchema::jsonb, @OutSchema::jsonb,
                   nullif(@TimeoutSeconds::integer, 0), @MaxRetries, @isAdhoc
              FROM pack
             WHERE pack.ref = @packRef
                ON CONFLICT (ref) DO NOTHING
            RETURNING {Columns}
            """;

        return catalogue.ChangeAsync(async connection =>
        {
            await catalogue.EnsurePackAsync(connection, packRef, cancellationToken);
            return await connection.QuerySingleOrDefaultAsync<Action>(
                    new CommandDefinition(sql, Values(action, packRef, isAdhoc), cancellationToken: cancellationToken))
                ?? throw new RefusedException(RefusalKind.Conflict, "ref", $"Action with ref '{action.Ref}' already exists");
        }, cancellationToken);
    }

    private async Task<Action?> ChangeAsync(string reference, string sql, object parameters, CancellationToken cancellationToken) =>
        !StorableText.IsStorable(reference) ? null : await catalogue.ChangeAsync(
            connection =>
                connection.QuerySingleOrDefaultAsync<Action>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)),
            cancellationToken);

    private async Task<Action?> OneAsync(string reference, string sql, object parameters, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(reference))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Action>(
            new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }
}
