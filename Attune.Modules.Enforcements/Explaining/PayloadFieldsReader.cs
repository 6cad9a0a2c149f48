using System.Text.Json;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Explaining;

internal sealed class PayloadFieldsReader(NpgsqlDataSource database, TimeProvider clock) : IPayloadFields
{
    public async Task<PayloadFields> ReadAsync(string triggerRef, CancellationToken cancellationToken)
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
            return new PayloadSurvey().Fields(triggerRef, events: 0);
        }

        var windows = TimeWindows.Of(clock.GetUtcNow(), since: null, until: null, new());
        var rows = await TimeWindows.ReadAsync(windows, IPayloadFields.MostEvents, async (range, limit) =>
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await connection.QueryAsync<Row>(new CommandDefinition(
                sql, new { triggerRef, largest = IPayloadFields.LargestPayload, range.Since, range.Until, limit },
                cancellationToken: cancellationToken));
        });
        var survey = new PayloadSurvey();
        foreach (var row in rows.Where(row => row.Payload is not null))
        {
            survey.Add(row.Id, row.Payload!.Value);
        }

        return survey.Fields(triggerRef, rows.Count);
    }

    private sealed record Row
    {
        public required long Id { get; init; }
        public JsonElement? Payload { get; init; }
    }
}
