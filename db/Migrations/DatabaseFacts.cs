using Attune.Db.Migrations;
using Dapper;
using Npgsql;

namespace Attune.Db;

/// <summary>What server and engine this database is on, for people to see.</summary>
public sealed record DatabaseFact(DatabaseEngine Engine, string ServerVersion, string? TimescaleVersion);

/// <summary>Answers what the database is and whether it can be reached.</summary>
public sealed class DatabaseFacts(NpgsqlDataSource database, Migrator migrator)
{
    private DatabaseFact? _known;

    /// <summary>Engine and versions; asked of the server once.</summary>
    public async Task<DatabaseFact> GetAsync(CancellationToken cancellationToken)
    {
        if (_known is not null)
        {
            return _known;
        }

        const string sql = """
            SELECT current_setting('server_version') AS server,
                   (SELECT extversion FROM pg_extension WHERE extname = 'timescaledb') AS timescale
            """;

        var engine = await migrator.EngineAsync(cancellationToken);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var (server, timescale) = await connection.QuerySingleAsync<(string, string?)>(
            new CommandDefinition(sql, cancellationToken: cancellationToken));
        return _known = new(engine, server.Split(' ')[0], timescale);
    }

    /// <summary>Makes one round trip to the server.</summary>
    /// <returns>Whether it takes changes: a standby, or one that is set to be read only, does not.</returns>
    /// <exception cref="NpgsqlException">The server cannot be reached.</exception>
    public async Task<bool> PingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "SELECT current_setting('transaction_read_only') = 'off'", cancellationToken: cancellationToken));
    }
}
