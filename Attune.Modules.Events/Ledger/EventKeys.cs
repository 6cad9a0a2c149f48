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
            INSERT INTO event_key AS kept (source, key, event, event_created, created, digest)
            SELECT source, key, event, now(), now(), digest
              FROM unnest(@spaces, @keys, @ids, @digests) AS wanted (source, key, event, digest)
             ORDER BY source COLLATE "C", key COLLATE "C"
                ON CONFLICT (source, key) DO UPDATE
               SET event = excluded.event, event_created = excluded.event_created, created = excluded.created, digest = excluded.digest
             WHERE kept.created <= now() - INTERVAL '24 hours';

            SELECT kept.source, kept.key, kept.event, kept.event_created, kept.digest
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
            SELECT kept.source, kept.key, kept.event, kept.event_created, kept.digest
              FROM unnest(@spaces, @keys) AS wanted (source, key)
              JOIN event_key AS kept ON kept.source = wanted.source AND kept.key = wanted.key
             WHERE kept.created > now() - INTERVAL '24 hours';
            """;

        return ReadAsync(connection, sql, slots, cancellationToken);
    }

    /// <summary>Gives back the keys of events that will not be written after all.</summary>
    public static Task ReleaseAsync(NpgsqlConnection connection, IReadOnlyList<Slot> slots, CancellationToken cancellationToken)
    {
        const string sql = """
            DELETE FROM event_key AS kept
             USING unnest(@spaces, @keys, @ids) AS given (source, key, event)
             WHERE kept.source = given.source
               AND kept.key = given.key
               AND kept.event = given.event
            """;

        var (spaces, keys, ids, _) = Columns(slots);
        return connection.ExecuteAsync(new CommandDefinition(sql, new { spaces, keys, ids }, cancellationToken: cancellationToken));
    }

    private static async Task<Dictionary<EventKey, KeptKey>> ReadAsync(
        NpgsqlConnection connection, string sql, IReadOnlyList<Slot> slots, CancellationToken cancellationToken)
    {
        var (spaces, keys, ids, digests) = Columns(slots);
        var earlier = new Dictionary<EventKey, KeptKey>();
        foreach (var kept in await connection.QueryAsync<KeptKey>(
            new CommandDefinition(sql, new { spaces, keys, ids, digests }, cancellationToken: cancellationToken)))
        {
            earlier[new(kept.Source, kept.Key)] = kept;
        }

        return earlier;
    }

    private static (string[] Spaces, string[] Keys, long[] Ids, byte[][] Digests) Columns(IReadOnlyList<Slot> slots) => (
        [.. slots.Select(slot => slot.Key!.Value.Space)],
        [.. slots.Select(slot => slot.Key!.Value.Key)],
        [.. slots.Select(slot => slot.Id)],
        [.. slots.Select(slot => slot.Entry.Digest!)]);
}
