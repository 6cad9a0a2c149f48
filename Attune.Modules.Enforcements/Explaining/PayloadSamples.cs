using System.Text.Json;
using Attune.Db;
using Attune.Db.Faults;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>Reads the newest payloads of a trigger, as many and as large as a look at them may cost.</summary>
internal sealed class PayloadSamples(NpgsqlDataSource database, TimeProvider clock)
{
    // In seconds, for each window of time.
    private const int Timeout = 5;

    /// <returns>The newest events, the newest first; those whose payload is too large without it.</returns>
    /// <exception cref="RefusedException">They cannot be read in time.</exception>
    public async Task<IReadOnlyList<PayloadSample>> ReadAsync(string triggerRef, CancellationToken cancellationToken)
    {
        // Its size as it is stored is known without reading it.
        const string sql = """
            SELECT id, CASE WHEN pg_column_size(payload) <= @largest THEN payload END AS payload
              FROM event
             WHERE trigger_ref = @triggerRef
               AND created >= @Since
               AND created < @Until
             ORDER BY created DESC, id DESC
             LIMIT @limit
            """;

        if (!StorableText.IsStorable(triggerRef))
        {
            return [];
        }

        var windows = TimeWindows.Of(clock.GetUtcNow(), since: null, until: null, new());
        return await TimeWindows.ReadAsync(windows, IPayloadFields.MostEvents, async (range, limit) =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await connection.QueryAsync<PayloadSample>(new CommandDefinition(
                sql, new { triggerRef, largest = IPayloadFields.LargestPayload, range.Since, range.Until, limit }, commandTimeout: Timeout,
                cancellationToken: cancellationToken))
                .OrRefuseAsync("ref", $"The newest payloads of {triggerRef} could not be read in time. Try again in a while.");
        });
    }
}

/// <summary>A payload of a trigger.</summary>
internal sealed record PayloadSample
{
    /// <summary>The event's id.</summary>
    public required long Id { get; init; }

    public JsonElement? Payload { get; init; }
}
