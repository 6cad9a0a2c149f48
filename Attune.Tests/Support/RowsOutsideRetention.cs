using Dapper;
using Npgsql;

namespace Attune.Tests.Support;

/// <summary>
/// Rows that are too old to be kept may go at any moment, also while a test reads them: TimescaleDB's own jobs drop them within seconds
/// after a database was made, and so does a host that starts. A test must not have any left when it ends.
/// </summary>
internal static class RowsOutsideRetention
{
    public static async Task AssertNoneAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        // A table is read only for its own row: the planner asks for the name first.
        const string sql = """
            SELECT table_name
              FROM time_table
             WHERE (table_name = 'event' AND EXISTS (SELECT FROM event WHERE created < now() - keep))
                OR (table_name = 'enforcement' AND EXISTS (SELECT FROM enforcement WHERE created < now() - keep))
                OR (table_name = 'execution' AND EXISTS (SELECT FROM execution WHERE created < now() - keep))
                OR (table_name = 'execution_history' AND EXISTS (SELECT FROM execution_history WHERE time < now() - keep))
                OR (table_name = 'webhook_delivery' AND EXISTS (SELECT FROM webhook_delivery WHERE received < now() - keep))
                OR (table_name = 'worker_history' AND EXISTS (SELECT FROM worker_history WHERE time < now() - keep))
             ORDER BY table_name
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var tables = await connection.QueryAsync<string>(new CommandDefinition(sql, cancellationToken: cancellationToken));
        Assert.That(tables, Is.Empty, "the test wrote rows that retention may drop while it runs: write younger ones");
    }
}
