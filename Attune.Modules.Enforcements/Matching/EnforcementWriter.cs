using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Events;
using Dapper;
using Npgsql;
using NpgsqlTypes;

namespace Attune.Modules.Enforcements.Matching;

/// <summary>Writes the enforcements of one append by binary COPY.</summary>
internal static class EnforcementWriter
{
    /// <summary>Writes them within the append's transaction and answers their ids, in order.</summary>
    public static async Task<IReadOnlyList<long>> WriteAsync(
        AppendContext context, IReadOnlyList<EnforcementMatch> matches, CancellationToken cancellationToken)
    {
        const string copy = """
            COPY enforcement (id, rule, rule_ref, rule_version, trigger_ref, config, event, payload, condition, conditions, created, status,
                              resolved_at, shadow)
            FROM STDIN (FORMAT binary)
            """;

        var ids = await NextIdsAsync(context, matches.Count, cancellationToken);
        await using var writer = await context.Connection.BeginBinaryImportAsync(copy, cancellationToken);
        for (var index = 0; index < matches.Count; index++)
        {
            var (_, rule, _, written, config) = matches[index];
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(ids[index], NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(rule.Id, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(rule.Ref, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(rule.Version, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(written.TriggerRef, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(config, NpgsqlDbType.Jsonb, cancellationToken);
            await writer.WriteAsync(written.Id, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(Payload(written), NpgsqlDbType.Jsonb, cancellationToken);
            await writer.WriteAsync(EnumNames.Of(rule.Condition), "attune.enforcement_condition_enum", cancellationToken);
            await writer.WriteAsync(rule.Conditions.GetRawText(), NpgsqlDbType.Jsonb, cancellationToken);
            await writer.WriteAsync(context.Created.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
            await WriteStateAsync(writer, rule.Shadow, context.Created, cancellationToken);
        }

        await writer.CompleteAsync(cancellationToken);
        return ids;
    }

    // What a shadow leaves is resolved from the beginning: the resolver never sees it.
    private static async Task WriteStateAsync(
        NpgsqlBinaryImporter writer, bool shadow, DateTimeOffset created, CancellationToken cancellationToken)
    {
        var status = shadow ? EnforcementStatus.Disabled : EnforcementStatus.Created;
        await writer.WriteAsync(EnumNames.Of(status), "attune.enforcement_status_enum", cancellationToken);
        if (shadow)
        {
            await writer.WriteAsync(created.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        }
        else
        {
            await writer.WriteNullAsync(cancellationToken);
        }

        await writer.WriteAsync(shadow, NpgsqlDbType.Boolean, cancellationToken);
    }

    private static async Task<IReadOnlyList<long>> NextIdsAsync(AppendContext context, int count, CancellationToken cancellationToken)
    {
        const string sql = "SELECT nextval('enforcement_id_seq') FROM generate_series(1, @count)";
        return (await context.Connection.QueryAsync<long>(new CommandDefinition(
            sql, new { count }, context.Transaction, cancellationToken: cancellationToken))).AsList();
    }

    // The column takes any JSON value, and has one where the event has none.
    private static string Payload(WrittenEvent written) =>
        written.Payload is { ValueKind: not JsonValueKind.Undefined } payload ? payload.GetRawText() : "{}";
}
