using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Executions;

/// <summary>Keeps with an execution how far its action says that it is. The history does not tell of it.</summary>
internal sealed class ExecutionProgress(NpgsqlDataSource database)
{
    private const int LongestText = 1_000;

    /// <summary>Stores a report, if its worker still holds the lease.</summary>
    /// <param name="lease">The execution, as it was claimed.</param>
    /// <param name="percent">0 to 100; null where it is not known.</param>
    /// <param name="text">What is being done, for a person to read.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WriteAsync(ExecutionLease lease, int? percent, string? text, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE execution
               SET progress = jsonb_build_object('percent', @percent::integer, 'text', @text::text, 'reported_at', clock_timestamp())
             WHERE id = @Id
               AND created = @Created
               AND status = 'running'
               AND worker = @Worker
               AND started_at = @StartedAt
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, new
        {
            percent,
            text = Cut(text)?.Replace('\0', '\uFFFD'),
            lease.Id,
            lease.Created,
            lease.Worker,
            lease.StartedAt,
        }, cancellationToken: cancellationToken));
    }

    // Not between the halves of a surrogate pair.
    private static string? Cut(string? text) => text is null || text.Length <= LongestText
        ? text
        : text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
}
