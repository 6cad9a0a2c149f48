using System.Runtime.InteropServices;
using System.Text.Json;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Attune.Modules.Events.Ledger;

/// <summary>One transaction that writes the events of one or many calls.</summary>
internal sealed class AppendTransaction(NpgsqlConnection connection, IReadOnlyList<IAppendParticipant> participants)
{
    private readonly KeyClaims _keys = new(connection);
    private readonly List<Action> _whenCommitted = [];
    private byte[] _json = new byte[4096];

    /// <summary>True from the moment when nobody but the server knows whether the events are committed.</summary>
    public bool CommitSent { get; private set; }

    /// <summary>Writes the calls that can be accepted, and answers what became of each.</summary>
    public async Task<IReadOnlyList<AppendOutcome>> RunAsync(IReadOnlyList<AppendCall> calls, CancellationToken cancellationToken)
    {
        var slots = new List<Slot>(calls.Sum(call => call.Entries.Count));
        for (var call = 0; call < calls.Count; call++)
        {
            slots.AddRange(calls[call].Entries.Select((entry, place) => new Slot(entry, call, place)));
        }

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var state = await ReadStateAsync(slots, cancellationToken);
        var outcomes = await RefuseAsync(slots, calls.Count, cancellationToken);
        var held = await RenewAsync(calls, outcomes, state, cancellationToken);
        var written = await _keys.ClaimAsync(slots.FindAll(slot => held[slot.Call]), outcomes, cancellationToken);
        if (written.Count > 0)
        {
            await CopyAsync(written, state.Created, cancellationToken);
            await AskParticipantsAsync(transaction, calls, written, state, cancellationToken);
            CommitSent = true;
            await transaction.CommitAsync(cancellationToken);
            _whenCommitted.ForEach(act => act());
        }

        var answers = slots.ToLookup(slot => slot.Call);
        return [.. outcomes.Select((outcome, call) => outcome.Refusal is null && held[call]
            ? new AppendOutcome([.. answers[call].Select(slot => slot.Answer(state.Created))], null)
            : outcome)];
    }

    private async Task<CatalogueState> ReadStateAsync(List<Slot> slots, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT id, ref, enabled
              FROM trigger
             WHERE ref = ANY(@refs);

            SELECT now() AS created, epoch, ARRAY(SELECT nextval('event_id_seq') FROM generate_series(1, @count)) AS ids
              FROM rule_epoch;
            """;

        var refs = slots.Select(slot => slot.Entry.Given.TriggerRef).Distinct(StringComparer.Ordinal).ToArray();
        using var reader = await connection.QueryMultipleAsync(
            new CommandDefinition(sql, new { refs, count = slots.Count }, cancellationToken: cancellationToken));
        var triggers = (await reader.ReadAsync<TriggerFact>()).ToDictionary(trigger => trigger.Ref, StringComparer.Ordinal);
        var state = await reader.ReadSingleAsync<CatalogueState>();
        for (var i = 0; i < slots.Count; i++)
        {
            slots[i].Trigger = triggers.GetValueOrDefault(slots[i].Entry.Given.TriggerRef);
            slots[i].Id = state.Ids[i];
        }

        return state;
    }

    // Before anything is written, so that a call that has to wait longer than the others can be left out.
    private async Task<bool[]> RenewAsync(
        IReadOnlyList<AppendCall> calls, AppendOutcome[] outcomes, CatalogueState state, CancellationToken cancellationToken)
    {
        var held = new bool[calls.Count];
        var renewal = new AppendRenewal { Connection = connection, RuleEpoch = state.Epoch };
        for (var call = 0; call < calls.Count; call++)
        {
            held[call] = true;
            for (var i = 0; i < participants.Count && held[call] && outcomes[call].Refusal is null; i++)
            {
                held[call] = calls[call].Prepared[i] is not { } prepared
                    || await participants[i].RenewAsync(prepared, renewal, cancellationToken);
            }
        }

        return held;
    }

    // A call is refused whole. One whose key an earlier event holds is not: the event was accepted when its trigger could fire.
    private async Task<AppendOutcome[]> RefuseAsync(List<Slot> slots, int calls, CancellationToken cancellationToken)
    {
        var outcomes = new AppendOutcome[calls];
        var doubtful = slots.Where(slot => slot.Trigger is not { Enabled: true }).ToList();
        var keyed = doubtful.Where(slot => slot.Entry.Key is not null).ToList();
        if (keyed.Count > 0)
        {
            await _keys.FindEarlierAsync(keyed, cancellationToken);
        }

        foreach (var slot in doubtful.Where(slot => slot.Earlier is null))
        {
            outcomes[slot.Call] = outcomes[slot.Call].Refusal is null ? new(null, slot.Refusal) : outcomes[slot.Call];
        }

        return outcomes;
    }

    private async Task CopyAsync(List<Slot> written, DateTimeOffset created, CancellationToken cancellationToken)
    {
        const string sql = """
            COPY event (id, trigger, trigger_ref, config, payload, source, source_ref, created, rule, rule_ref, replay_of, only_rules)
            FROM STDIN (FORMAT binary)
            """;

        await using var copy = await connection.BeginBinaryImportAsync(sql, cancellationToken);
        foreach (var slot in written)
        {
            var given = slot.Entry.Given;
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(slot.Id, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(slot.Trigger!.Id, NpgsqlDbType.Bigint, cancellationToken);
            await copy.WriteAsync(given.TriggerRef, NpgsqlDbType.Text, cancellationToken);
            await WriteAsync(copy, slot.Config, cancellationToken);
            await WriteAsync(copy, given.Payload, cancellationToken);
            await WriteAsync(copy, given.Source, cancellationToken);
            await WriteAsync(copy, given.SourceRef, cancellationToken);
            await copy.WriteAsync(created.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await WriteAsync(copy, given.Target?.Id, cancellationToken);
            await WriteAsync(copy, given.Target?.Ref, cancellationToken);
            await WriteAsync(copy, given.ReplayOf, cancellationToken);
            await WriteAsync(copy, given.OnlyRules, cancellationToken);
        }

        await copy.CompleteAsync(cancellationToken);
    }

    // The bytes go as they are: the check before has read them, and the server will parse them anyway.
    private Task WriteAsync(NpgsqlBinaryImporter copy, JsonElement? value, CancellationToken cancellationToken)
    {
        if (value is not { ValueKind: not JsonValueKind.Undefined } json)
        {
            return copy.WriteNullAsync(cancellationToken);
        }

        // Written before the next value comes, so one buffer serves them all.
        var raw = JsonMarshal.GetRawUtf8Value(json);
        if (_json.Length < raw.Length)
        {
            _json = new byte[Math.Max(raw.Length, 2 * _json.Length)];
        }

        raw.CopyTo(_json);
        return copy.WriteAsync(new ReadOnlyMemory<byte>(_json, 0, raw.Length), NpgsqlDbType.Jsonb, cancellationToken);
    }

    private static Task WriteAsync(NpgsqlBinaryImporter copy, string? value, CancellationToken cancellationToken) =>
        value is null ? copy.WriteNullAsync(cancellationToken) : copy.WriteAsync(value, NpgsqlDbType.Text, cancellationToken);

    private static Task WriteAsync(NpgsqlBinaryImporter copy, long? value, CancellationToken cancellationToken) =>
        value is { } number ? copy.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken) : copy.WriteNullAsync(cancellationToken);

    private static Task WriteAsync(NpgsqlBinaryImporter copy, IReadOnlyList<string>? values, CancellationToken cancellationToken) =>
        values is null
            ? copy.WriteNullAsync(cancellationToken)
            : copy.WriteAsync(values.ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text, cancellationToken);

    private async Task AskParticipantsAsync(
        NpgsqlTransaction transaction, IReadOnlyList<AppendCall> calls, List<Slot> written, CatalogueState state,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<WrittenEvent> events = [.. written.Select(Written)];
        for (var number = 0; number < participants.Count; number++)
        {
            var context = new AppendContext
            {
                Connection = connection,
                Transaction = transaction,
                Created = state.Created,
                RuleEpoch = state.Epoch,
                Events = events,
                Prepared = [.. written.Select(slot => new PreparedPlace(calls[slot.Call].Prepared[number], slot.Place))],
                WhenCommitted = _whenCommitted.Add,
            };
            var matched = await participants[number].AppendingAsync(context, cancellationToken);
            for (var i = 0; i < matched.Count; i++)
            {
                (written[i].Matched ??= []).AddRange(matched[i]);
            }
        }
    }

    private static WrittenEvent Written(Slot slot) => new()
    {
        Id = slot.Id,
        Trigger = slot.Trigger!.Id,
        TriggerRef = slot.Entry.Given.TriggerRef,
        Payload = slot.Entry.Given.Payload,
        Config = slot.Config,
        SourceRef = slot.Entry.Given.SourceRef,
        Target = slot.Entry.Given.Target,
        Tick = slot.Entry.Given.Tick,
        JobItem = slot.Entry.Given.JobItem,
    };

    private sealed record CatalogueState
    {
        public required DateTimeOffset Created { get; init; }
        public required long Epoch { get; init; }
        public required long[] Ids { get; init; }
    }
}
