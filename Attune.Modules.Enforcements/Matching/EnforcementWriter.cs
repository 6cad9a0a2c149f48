using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Events;
using Dapper;
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
            COPY enforcement (id, rule, rule_ref, rule_version, trigger_ref, config, event, payload, condition, conditions, created)
            FROM STDIN (FORMAT binary)
            """;

        var ids = await NextIdsAsync(context, matches.Count, cancellationToken);
        await using var writer = await context.Connection.BeginBinaryImportAsync(copy, cancellationToken);
        for (var index = 0; index < matches.Count; index++)
        {
            var (rule, written, config) = matches[index];
            await writer.StartRowAsync(cancellationToken);
            await writer.WriteAsync(ids[index], NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(rule.Stored.Id, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(rule.Stored.Ref, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(rule.Stored.Version, NpgsqlDbType.Integer, cancellationToken);
            await writer.WriteAsync(written.TriggerRef, NpgsqlDbType.Text, cancellationToken);
            await writer.WriteAsync(config, NpgsqlDbType.Jsonb, cancellationToken);
            await writer.WriteAsync(written.Id, NpgsqlDbType.Bigint, cancellationToken);
            await writer.WriteAsync(Payload(written), NpgsqlDbType.Jsonb, cancellationToken);
            await writer.WriteAsync(EnumNames.Of(rule.Stored.Condition), "attune.enforcement_condition_enum", cancellationToken);
            await writer.WriteAsync(rule.Stored.Conditions.GetRawText(), NpgsqlDbType.Jsonb, cancellationToken);
            await writer.WriteAsync(context.Created.UtcDateTime, NpgsqlDbType.TimestampTz, cancellationToken);
        }

        await writer.CompleteAsync(cancellationToken);
        return ids;
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
