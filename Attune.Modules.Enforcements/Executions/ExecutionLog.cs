using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

internal sealed class ExecutionLog(NpgsqlDataSource database, IExecutionRepository executions) : IExecutionLog
{
    public async Task<IReadOnlyList<ExecutionLine>?> ReadAsync(long id, int after, CancellationToken cancellationToken)
    {
        const string sql = """
            SELECT number, at, level, text
              FROM execution_log
             WHERE execution = @id
               AND created = @Created
               AND number > @after
             ORDER BY number
            """;

        if (after < 0)
        {
            throw RefusedException.Invalid("after", "after must be 0 or the number of a line.");
        }

        if (await executions.FindAsync(id, cancellationToken) is not { } found)
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<(int Number, DateTimeOffset At, string Level, string Text)>(
            new CommandDefinition(sql, new { id, found.Created, after }, cancellationToken: cancellationToken));
        return
        [
            .. rows.Select(row => new ExecutionLine
            {
                Number = row.Number, At = row.At, Level = EnumNames.Find<ExecutionLineLevel>(row.Level)!.Value, Text = row.Text,
            }),
        ];
    }

    /// <summary>Adds lines behind those that are there, if the worker still holds the lease.</summary>
    public async Task WriteAsync(ExecutionLease lease, IReadOnlyList<SaidLine> lines, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO execution_log (execution, created, number, at, level, text)
            SELECT execution.id, execution.created, there.most + said.number, said.at, said.level, said.text
              FROM execution
             CROSS JOIN (SELECT coalesce(max(number), 0) AS most
                           FROM execution_log
                          WHERE execution = @Id
                            AND created = @Created) AS there
             CROSS JOIN unnest(@ats::timestamptz[], @levels::text[], @texts::text[]) WITH ORDINALITY AS said (at, level, text, number)
             WHERE execution.id = @Id
               AND execution.created = @Created
               AND execution.status IN ('running', 'canceling')
               AND execution.worker = @Worker
               AND execution.started_at = @StartedAt
               AND there.most + said.number <= @Most
            ON CONFLICT DO NOTHING
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, new
        {
            lease.Id,
            lease.Created,
            lease.Worker,
            lease.StartedAt,
            IExecutionLog.Most,
            ats = lines.Select(line => line.At.UtcDateTime).ToArray(),
            levels = lines.Select(line => EnumNames.Of(line.Level)).ToArray(),
            texts = lines.Select(line => line.Text).ToArray(),
        }, cancellationToken: cancellationToken));
    }
}

/// <summary>A line as it was said, cut and fit to be stored.</summary>
internal sealed record SaidLine(DateTimeOffset At, ExecutionLineLevel Level, string Text)
{
    public static SaidLine Of(DateTimeOffset at, ExecutionLineLevel level, string text) => new(at, level, Storable(Cut(text)));

    // Not between the halves of a surrogate pair.
    private static string Cut(string text) => text.Length <= IExecutionLog.LongestLine
        ? text
        : text[..(char.IsHighSurrogate(text[IExecutionLog.LongestLine - 1]) ? IExecutionLog.LongestLine - 1 : IExecutionLog.LongestLine)] + "…";

    private static string Storable(string text) => StorableText.IsStorable(text)
        ? text
        : string.Concat(text.EnumerateRunes().Select(rune => rune.Value == 0 ? "\uFFFD" : rune.ToString()));
}
