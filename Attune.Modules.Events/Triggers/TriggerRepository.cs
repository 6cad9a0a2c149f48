using System.Security.Cryptography;
using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Events.Webhooks;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Triggers;

internal sealed class TriggerRepository(NpgsqlDataSource database, ICatalogue catalogue) : ITriggerRepository
{
    internal const string Columns = """
        id, ref, pack, pack_ref, label, description, enabled, param_schema, out_schema, webhook_enabled, webhook_key, is_adhoc,
               created, updated, webhook_config AS settings
        """;

    internal static readonly JsonElement NoSettings = JsonElement.Parse("{}");

    private const int KeyDigits = 32;

    public async Task<Trigger?> FindAsync(string reference, CancellationToken cancellationToken)
    {
        const string sql = $"""
            SELECT {Columns}
              FROM trigger
             WHERE ref = @reference
            """;

        if (!StorableText.IsStorable(reference))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, new CommandDefinition(sql, new { reference }, cancellationToken: cancellationToken));
    }

    public Task<Page<TriggerSummary>> ListAsync(bool enabledOnly, PageRequest page, CancellationToken cancellationToken) =>
        ListAsync(enabledOnly, packRef: null, page, cancellationToken);

    /// <summary>As the contract's list, and of one pack if one is given.</summary>
    internal async Task<Page<TriggerSummary>> ListAsync(
        bool enabledOnly, string? packRef, PageRequest page, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(packRef))
        {
            return new([], null, page.IncludeTotal ? Total.Of(0) : null);
        }

        var matching = Where.All((enabledOnly, "enabled"), (packRef is not null, "pack_ref = @packRef"));
        var sql = $"""
            SELECT id, ref, pack_ref, label, description, enabled, webhook_enabled, created, updated
              FROM trigger
             {matching}
             ORDER BY ref
             LIMIT @Limit OFFSET @offset
            """;

        // There is no time to continue after: the cursor of this list carries the number of rows to skip.
        var offset = page.After?.Id ?? page.Offset;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<TriggerSummary>(new CommandDefinition(
            sql, new { packRef, Limit = page.Size + 1, offset }, cancellationToken: cancellationToken))).AsList();
        Total? total = page.IncludeTotal
            ? Total.Of(await connection.ExecuteScalarAsync<long>(new CommandDefinition(
                $"SELECT count(*) FROM trigger {matching}", new { packRef }, cancellationToken: cancellationToken)))
            : null;
        return Page.From(rows, page.Size, _ => new Cursor(DateTimeOffset.UnixEpoch, offset + page.Size), total);
    }

    internal async Task<bool> PackExistsAsync(string packRef, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(packRef))
        {
            return false;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT EXISTS (SELECT FROM pack WHERE ref = @packRef)", new { packRef }, cancellationToken: cancellationToken));
    }

    public async Task<Trigger> CreateAsync(NewTrigger trigger, CancellationToken cancellationToken)
    {
        const string sql = $"""
            INSERT INTO trigger (ref, pack, pack_ref, label, description, enabled, param_schema, out_schema, webhook_config,
                                 webhook_enabled, webhook_key)
            SELECT @Ref, pack.id, pack.ref, @Label, @Description, @Enabled, @ParamSchema, @OutSchema, @webhookConfig,
                   @webhookKey::text IS NOT NULL, @webhookKey
              FROM pack
             WHERE pack.ref = @packRef
            RETURNING {Columns}
            """;

        var packRef = TriggerRules.Check(trigger);
        var webhookConfig = WebhookSettings.Merge(NoSettings, trigger.WebhookConfig ?? NoSettings);
        try
        {
            return await catalogue.ChangeAsync(async connection =>
            {
                await catalogue.EnsurePackAsync(connection, packRef, cancellationToken);
                return (await ReadAsync(connection, new CommandDefinition(sql, new
                {
                    trigger.Ref,
                    packRef,
                    trigger.Label,
                    trigger.Description,
                    trigger.Enabled,
                    trigger.ParamSchema,
                    trigger.OutSchema,
                    webhookConfig,
                    webhookKey = trigger.WebhookEnabled ? NewKey() : null,
                }, cancellationToken: cancellationToken)))!;
            }, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            throw new RefusedException(RefusalKind.Conflict, "ref", $"Trigger '{trigger.Ref}' already exists");
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CheckViolation)
        {
            // What the server takes for a space or for lower case can differ from what is taken for it here.
            throw RefusedException.Invalid("ref", $"'{trigger.Ref}' cannot be the reference of a trigger.");
        }
    }

    public async Task<Trigger?> UpdateAsync(string reference, TriggerUpdate update, CancellationToken cancellationToken)
    {
        const string lockSql = """
            SELECT webhook_config AS settings
              FROM trigger
             WHERE ref = @reference
               FOR UPDATE
            """;
        const string sql = $"""
            UPDATE trigger
               SET label = coalesce(@Label, label),
                   description = coalesce(@Description, description),
                   enabled = coalesce(@Enabled, enabled),
                   param_schema = coalesce(@ParamSchema, param_schema),
                   out_schema = coalesce(@OutSchema, out_schema),
                   webhook_config = coalesce(@webhookConfig, webhook_config)
             WHERE ref = @reference
            RETURNING {Columns}
            """;

        TriggerRules.Check(update);
        return !StorableText.IsStorable(reference) ? null : await catalogue.ChangeAsync(async connection =>
        {
            JsonElement? webhookConfig = null;
            if (update.WebhookConfig is { ValueKind: not JsonValueKind.Undefined } given)
            {
                var stored = await connection.QuerySingleOrDefaultAsync<StoredSettings>(
                    new CommandDefinition(lockSql, new { reference }, cancellationToken: cancellationToken));
                webhookConfig = WebhookSettings.Merge(stored?.Settings ?? NoSettings, given);
            }

            return await ReadAsync(connection, new CommandDefinition(sql, new
            {
                reference,
                update.Label,
                update.Description,
                update.Enabled,
                update.ParamSchema,
                update.OutSchema,
                webhookConfig,
            }, cancellationToken: cancellationToken));
        }, cancellationToken);
    }

    public Task<Applied<Trigger>> ApplyAsync(NewTrigger trigger, CancellationToken cancellationToken)
    {
        TriggerRules.Check(trigger);
        return catalogue.ChangeAsync(
            async connection => await AppliedTriggers.ApplyAsync(connection, catalogue, trigger, cancellationToken)
                ?? new(null, await CreateAsync(trigger, cancellationToken), HasChanged: true),
            cancellationToken);
    }

    public async Task<bool> DeleteAsync(string reference, CancellationToken cancellationToken) =>
        StorableText.IsStorable(reference) && await catalogue.ChangeAsync(
            connection => connection.ExecuteAsync(new CommandDefinition(
                "DELETE FROM trigger WHERE ref = @reference", new { reference }, cancellationToken: cancellationToken)),
            cancellationToken) > 0;

    public Task<Trigger?> EnableWebhookAsync(string reference, CancellationToken cancellationToken) => ChangeAsync(reference, $"""
        UPDATE trigger
           SET webhook_enabled = true,
               webhook_key = coalesce(webhook_key, @key)
         WHERE ref = @reference
        RETURNING {Columns}
        """, new { reference, key = NewKey() }, cancellationToken);

    public Task<Trigger?> DisableWebhookAsync(string reference, CancellationToken cancellationToken) => ChangeAsync(reference, $"""
        UPDATE trigger
           SET webhook_enabled = false,
               webhook_key = NULL
         WHERE ref = @reference
        RETURNING {Columns}
        """, new { reference }, cancellationToken);

    public async Task<Trigger?> RegenerateWebhookAsync(string reference, CancellationToken cancellationToken) =>
        await ChangeAsync(reference, $"""
            UPDATE trigger
               SET webhook_key = @key
             WHERE ref = @reference
               AND webhook_enabled
            RETURNING {Columns}
            """, new { reference, key = NewKey() }, cancellationToken)
        ?? (await FindAsync(reference, cancellationToken) is null
            ? null
            : throw new RefusedException(RefusalKind.Malformed, null, $"Trigger '{reference}' has no webhook: enable it first"));

    internal static string NewKey() => "wh_" + RandomNumberGenerator.GetHexString(KeyDigits, lowercase: true);

    private async Task<Trigger?> ChangeAsync(string reference, string sql, object parameters, CancellationToken cancellationToken) =>
        !StorableText.IsStorable(reference) ? null : await catalogue.ChangeAsync(
            connection => ReadAsync(connection, new CommandDefinition(sql, parameters, cancellationToken: cancellationToken)),
            cancellationToken);

    // The one place where a trigger is read whole: what is secret in its settings stays here.
    internal static async Task<Trigger?> ReadAsync(NpgsqlConnection connection, CommandDefinition command) =>
        (await connection.QueryAsync<Trigger, StoredSettings, Trigger>(
            command, (trigger, stored) => trigger with { WebhookConfig = WebhookSettings.Shown(stored.Settings) },
            nameof(StoredSettings.Settings)))
        .SingleOrDefault();

    internal sealed class StoredSettings
    {
        public required JsonElement Settings { get; init; }
    }
}
