using Attune.Db.Values;
using Npgsql;
using NpgsqlTypes;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Writes the rows of many deliveries in one transaction.</summary>
internal static class DeliveryCopy
{
    public static async Task WriteAsync(NpgsqlDataSource database, IReadOnlyList<DeliveryRow> rows)
    {
        // What a server that dies has not yet flushed of these is lost; the events themselves are not.
        const string settings = "SET LOCAL synchronous_commit = off";
        const string sql = """
            COPY webhook_delivery (received, trigger, trigger_ref, outcome, status, reason, method, content_type, delivery, source_ip,
                                   size, duration_ms, event, event_created, events, body, body_is_whole, said)
            FROM STDIN (FORMAT binary)
            """;

        await using var connection = await database.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync(CancellationToken.None);
        await using (var command = new NpgsqlCommand(settings, connection, transaction))
        {
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }

        await using (var copy = await connection.BeginBinaryImportAsync(sql, CancellationToken.None))
        {
            foreach (var row in rows)
            {
                await WriteAsync(copy, row);
            }

            await copy.CompleteAsync(CancellationToken.None);
        }

        await transaction.CommitAsync(CancellationToken.None);
    }

    private static async Task WriteAsync(NpgsqlBinaryImporter copy, DeliveryRow row)
    {
        var never = CancellationToken.None;
        await copy.StartRowAsync(never);
        await copy.WriteAsync(row.Received.UtcDateTime, NpgsqlDbType.TimestampTz, never);
        await copy.WriteAsync(row.Trigger, NpgsqlDbType.Bigint, never);
        await copy.WriteAsync(row.TriggerRef, NpgsqlDbType.Text, never);
        await copy.WriteAsync(EnumNames.Of(row.Outcome), NpgsqlDbType.Text, never);
        await copy.WriteAsync(row.Status, NpgsqlDbType.Integer, never);
        await TextAsync(row.Reason);
        await copy.WriteAsync(row.Method, NpgsqlDbType.Text, never);
        await TextAsync(row.ContentType);
        await TextAsync(row.Delivery);
        await TextAsync(row.SourceIp);
        await NumberAsync(row.Size);
        await copy.WriteAsync(row.DurationMs, NpgsqlDbType.Double, never);
        await NumberAsync(row.Event);
        await (row.EventCreated is { } created
            ? copy.WriteAsync(created.UtcDateTime, NpgsqlDbType.TimestampTz, never) : copy.WriteNullAsync(never));
        await copy.WriteAsync(row.Events, NpgsqlDbType.Integer, never);
        await (row.Body is { } body ? copy.WriteAsync(body, NpgsqlDbType.Bytea, never) : copy.WriteNullAsync(never));
        await copy.WriteAsync(row.BodyIsWhole, NpgsqlDbType.Boolean, never);
        await (row.Said is { } said ? copy.WriteAsync(said.GetRawText(), NpgsqlDbType.Jsonb, never) : copy.WriteNullAsync(never));

        Task TextAsync(string? text) => text is null
            ? copy.WriteNullAsync(never) : copy.WriteAsync(RepairedJson.Of(text), NpgsqlDbType.Text, never);

        Task NumberAsync(long? number) => number is { } given
            ? copy.WriteAsync(given, NpgsqlDbType.Bigint, never) : copy.WriteNullAsync(never);
    }
}
