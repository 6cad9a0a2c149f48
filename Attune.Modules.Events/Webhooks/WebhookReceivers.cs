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

        return key.Length > MaxKeyLength ? null : await FindAsync(sql, key, cancellationToken);
    }

    /// <summary>A trigger by its reference, whether its webhook is enabled or not; null when there is none.</summary>
    public Task<WebhookReceiver?> FindByRefAsync(string key, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, ref, webhook_key, webhook_config
              FROM trigger
             WHERE ref = @key
            """;

        return FindAsync(sql, key, cancellationToken);
    }

    private async Task<WebhookReceiver?> FindAsync(string sql, string key, CancellationToken cancellationToken)
    {
        if (!StorableText.IsStorable(key))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<WebhookReceiver>(
            new CommandDefinition(sql, new { key }, cancellationToken: cancellationToken));
    }
}
