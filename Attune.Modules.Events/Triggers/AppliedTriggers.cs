using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Attune.Modules.Events.Webhooks;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Triggers;

/// <summary>Makes a trigger that is there what is said of it, whole.</summary>
internal static class AppliedTriggers
{
    /// <summary>Null when there is no such trigger.</summary>
    /// <exception cref="RefusedException">The settings of the webhook cannot be used; the field names the place.</exception>
    public static async Task<Applied<Trigger>?> ApplyAsync(
        NpgsqlConnection connection, ICatalogue catalogue, NewTrigger trigger, CancellationToken cancellationToken)
    {
        const string lockSql = """
            SELECT webhook_config AS settings
              FROM trigger
             WHERE ref = @Ref
               FOR UPDATE
            """;
        const string findSql = $"""
            SELECT {TriggerRepository.Columns}
              FROM trigger
             WHERE ref = @Ref
            """;

        // Asked before, and not by the update: one of no rows would still count the epoch on. The key is made only where there is none.
        const string differsSql = """
            SELECT (pack_ref, label, description, enabled, param_schema, out_schema, webhook_config, webhook_enabled)
                   IS DISTINCT FROM
                   (@packRef, @Label, @Description::text, @Enabled, @paramSchema::jsonb, @outSchema::jsonb, @webhookConfig::jsonb,
                    @WebhookEnabled)
              FROM trigger
             WHERE ref = @Ref
            """;
        const string updateSql = $"""
            UPDATE trigger
               SET pack = (SELECT id FROM pack WHERE ref = @packRef),
                   pack_ref = @packRef,
                   label = @Label,
                   description = @Description,
                   enabled = @Enabled,
                   param_schema = @paramSchema,
                   out_schema = @outSchema,
                   webhook_config = @webhookConfig,
                   webhook_enabled = @WebhookEnabled,
                   webhook_key = CASE WHEN @WebhookEnabled THEN coalesce(webhook_key, @key) END,
                   is_adhoc = false
             WHERE ref = @Ref
            RETURNING {TriggerRepository.Columns}
            """;

        var stored = await connection.QuerySingleOrDefaultAsync<TriggerRepository.StoredSettings>(
            new CommandDefinition(lockSql, new { trigger.Ref }, cancellationToken: cancellationToken));
        if (stored is null)
        {
            return null;
        }

        var packRef = Reference.PackOf(trigger.Ref, trigger.PackRef);
        var parameters = new
        {
            trigger.Ref,
            packRef,
            trigger.Label,
            trigger.Description,
            trigger.Enabled,
            paramSchema = JsonValues.Given(trigger.ParamSchema),
            outSchema = JsonValues.Given(trigger.OutSchema),
            webhookConfig = Settings(stored.Settings, JsonValues.Given(trigger.WebhookConfig) ?? TriggerRepository.NoSettings),
            trigger.WebhookEnabled,
            key = TriggerRepository.NewKey(),
        };
        var before = (await TriggerRepository.ReadAsync(connection, Command(findSql)))!;
        if (!await connection.ExecuteScalarAsync<bool>(Command(differsSql)))
        {
            return new(before, before, HasChanged: false);
        }

        await catalogue.EnsurePackAsync(connection, packRef, cancellationToken);
        return new(before, (await TriggerRepository.ReadAsync(connection, Command(updateSql)))!, HasChanged: true);

        CommandDefinition Command(string sql) => new(sql, parameters, cancellationToken: cancellationToken);
    }

    // To merge is to keep what is not mentioned; here only secrets are kept.
    private static JsonElement Settings(JsonElement stored, JsonElement given)
    {
        if (given.ValueKind != JsonValueKind.Object || stored.ValueKind != JsonValueKind.Object)
        {
            return WebhookSettings.Merge(stored, given);
        }

        var whole = stored.EnumerateObject().ToDictionary(section => section.Name, _ => (JsonElement?)null);
        foreach (var section in given.EnumerateObject())
        {
            whole[section.Name] = section.Value;
        }

        return WebhookSettings.Merge(stored, JsonSerializer.SerializeToElement(whole, Json.Options));
    }
}
