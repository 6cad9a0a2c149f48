using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Ledger;

/// <summary>The idempotency keys, as a transaction claims them.</summary>
internal static class EventKeys
{
    /// <summary>
    /// Claims keys for new events. Waits for a transaction that is claiming one of them: it becomes an earlier event, or the
    /// key is free again.
    /// </summary>
    /// <returns>The keys that an earlier event holds; the others are claimed.</returns>
    public static Task<Dictionary<EventKey, KeptKey>> ClaimAsync(
        NpgsqlConnection connection, IReadOnlyList<Slot> slots, CancellationToken cancellationToken)
    {
        // In one order everywhere, or two transactions could wait for each other. The second statement has a snapshot of its
        // own, and so sees what the first one waited for.
        const string sql = """
            INSERT INTO event_key AS kept (source, key, event, event_created, created)
            SELECT source, key, event, now(), now()
              FROM unnest(@spaces, @keys, @ids) AS wanted (source, key, event)
             ORDER BY source COLLATE "C", key COLLATE "C"
                ON CONFLICT (source, key) DO UPDATE
               SET event = excluded.event, event_created = excluded.event_created, created = excluded.created
             WHERE kept.created <= now() - INTERVAL '24 hours';

            SELECT kept.source, kept.key, kept.event, kept.event_created
              FROM unnest(@spaces, @keys, @ids) AS wanted (source, key, event)
              JOIN event_key AS kept ON kept.source = wanted.source AND kept.key = wanted.key AND kept.event <> wanted.event;
            """;

        return ReadAsync(connection, sql, slots, cancellationToken);
    }

    /// <summary>The earlier events that hold the keys of some entries, which cannot be written themselves.</summary>
    public static Task<Dictionary<EventKey, KeptKey>> FindAsync(
        NpgsqlConnection connection, IReadOnlyList<Slot> slots, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT kept.source, kept.key, kept.event, kept.event_created
              FROM unnest(@spaces, @keys) AS wanted (source, key)
              JOIN event_key AS kept ON kept.source = wanted.source AND kept.key = wanted.key
             WHERE kept.created > now() - INTERVAL '24 hours';
            """;

        return ReadAsync(connection, sql, slots, cancellationToken);
    }

    private static async Task<Dictionary<EventKey, KeptKey>> ReadAsync(
        NpgsqlConnection connection, string sql, IReadOnlyList<Slot> slots, CancellationToken cancellationToken)
    {
        var spaces = slots.Select(slot => slot.Entry.Key!.Value.Space).ToArray();
        var keys = slots.Select(slot => slot.Entry.Key!.Value.Key).ToArray();
        var ids = slots.Select(slot => slot.Id).ToArray();
        var earlier = new Dictionary<EventKey, KeptKey>();
        foreach (var kept in await connection.QueryAsync<KeptKey>(
            new CommandDefinition(sql, new { spaces, keys, ids }, cancellationToken: cancellationToken)))
        {
            earlier[new(kept.Source, kept.Key)] = kept;
        }

        return earlier;
    }
}
