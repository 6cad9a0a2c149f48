using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Ledger;

/// <summary>
/// Tells of the entries of one transaction which are new, which are an earlier event again, and which only have the key of another event.
/// </summary>
internal sealed class KeyClaims(NpgsqlConnection connection)
{
    /// <summary>Finds the earlier events that entries are again which cannot be written themselves.</summary>
    public async Task FindEarlierAsync(IReadOnlyList<Slot> keyed, CancellationToken cancellationToken)
    {
        var earlier = await EventKeys.FindAsync(connection, keyed, cancellationToken);
        foreach (var slot in keyed)
        {
            var kept = earlier.GetValueOrDefault(slot.Key!.Value);
            slot.Earlier = kept is not null && await IsSameAsync(slot, kept, cancellationToken) ? kept : null;
        }
    }

    /// <summary>Claims the keys of the calls that are not refused, and refuses those that have the key of another event.</summary>
    /// <returns>What is to be written: not what an earlier event or an earlier entry is already.</returns>
    public async Task<List<Slot>> ClaimAsync(IReadOnlyList<Slot> slots, AppendOutcome[] outcomes, CancellationToken cancellationToken)
    {
        // Once, unless keys are those of other events: then calls are gone, or their keys have changed, and it is looked at again.
        while (true)
        {
            var open = slots.Where(slot => outcomes[slot.Call].Refusal is null && slot.Earlier is null).ToList();
            var owners = Owners(open);
            if (owners.Count == 0)
            {
                return open;
            }

            var earlier = await EventKeys.ClaimAsync(connection, [.. owners.Values], cancellationToken);
            var conflicts = await ConflictsAsync(open, owners, earlier, cancellationToken);
            if (conflicts.Count == 0)
            {
                return open.FindAll(slot => slot is { Earlier: null, SameAs: null });
            }

            var refused = conflicts.Where(conflict => conflict.Slot.Entry.Given.KeyConflict == KeyConflict.Refuse).ToList();
            foreach (var (slot, other) in refused)
            {
                outcomes[slot.Call] = outcomes[slot.Call].Refusal is null ? new(null, slot.KeyRefusal(other)) : outcomes[slot.Call];
            }

            if (refused.Count > 0)
            {
                // Others may have the keys that a refused call has claimed, and what they were compared with may be gone.
                await EventKeys.ReleaseAsync(
                    connection, [.. owners.Values.Where(slot => outcomes[slot.Call].Refusal is not null)], cancellationToken);
            }
            else
            {
                conflicts.ForEach(conflict => conflict.Slot.Mark(conflict.Other));
            }
        }
    }

    // Of several entries with one key, the first.
    private static Dictionary<EventKey, Slot> Owners(List<Slot> open)
    {
        var owners = new Dictionary<EventKey, Slot>();
        foreach (var slot in open)
        {
            slot.SameAs = slot.Key is { } key && !owners.TryAdd(key, slot) ? owners[key] : null;
        }

        return owners;
    }

    /// <returns>The entries that have the key of another event, with that event's id.</returns>
    private async Task<List<(Slot Slot, long Other)>> ConflictsAsync(
        List<Slot> open,
        Dictionary<EventKey, Slot> owners,
        Dictionary<EventKey, KeptKey> earlier,
        CancellationToken cancellationToken)
    {
        var conflicts = new List<(Slot, long)>();
        foreach (var slot in open.Where(slot => slot.Key is not null))
        {
            if (earlier.GetValueOrDefault(slot.Key!.Value) is { } kept)
            {
                slot.SameAs = null;
                if (await IsSameAsync(slot, kept, cancellationToken))
                {
                    slot.Earlier = kept;
                }
                else
                {
                    conflicts.Add((slot, kept.Event));
                }
            }
            else if (owners[slot.Key.Value] is var first && first != slot && !IsSame(slot, first.Entry.Digest!))
            {
                conflicts.Add((slot, first.Id));
            }
        }

        return conflicts;
    }

    private async Task<bool> IsSameAsync(Slot slot, KeptKey kept, CancellationToken cancellationToken) =>
        slot.Entry.Given.KeyConflict == KeyConflict.Same
        || (kept.Digest ?? await DigestAsync(slot, kept, cancellationToken)) is not { } digest
        || IsSame(slot, digest);

    private static bool IsSame(Slot slot, byte[] digest) =>
        slot.Entry.Given.KeyConflict == KeyConflict.Same || slot.Entry.Digest.AsSpan().SequenceEqual(digest);

    // Its key was claimed before digests were kept. Where the event itself is gone, nobody can tell, and the key decides.
    private async Task<byte[]?> DigestAsync(Slot slot, KeptKey kept, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, trigger_ref, config, payload, created, rule, only_rules
              FROM event
             WHERE id = @Event
               AND created >= @EventCreated
               AND created < @until
            """;

        var written = await connection.QuerySingleOrDefaultAsync<Event>(new CommandDefinition(
            sql, new { kept.Event, kept.EventCreated, until = kept.EventCreated.AddSeconds(1) }, cancellationToken: cancellationToken));
        return written is null ? null : EventDigest.Of(new NewEvent
        {
            TriggerRef = written.TriggerRef,
            Payload = written.Payload,
            Config = written.Config,
            Target = written.Rule is { } rule ? new(rule, "") : null,
            OnlyRules = written.OnlyRules,
            KeyConflict = slot.Entry.Given.KeyConflict,
        });
    }
}
