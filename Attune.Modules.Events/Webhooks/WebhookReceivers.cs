using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Finds what is behind a webhook, secrets included; nothing else reads those.</summary>
internal sealed class WebhookReceivers(NpgsqlDataSource database)
{
    private const int MaxKeyLength = 255;

    /// <summary>The trigger behind an enabled webhook; null when there is none.</summary>
    public async Task<WebhookReceiver?> FindAsync(string key, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, ref, webhook_key, webhook_config
              FROM trigger
             WHERE webhook_key = @key
               AND webhook_enabled
            """;

        if (key.Length > MaxKeyLength || !StorableText.IsStorable(key))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<WebhookReceiver>(
            new CommandDefinition(sql, new { key }, cancellationToken: cancellationToken));
    }
}
