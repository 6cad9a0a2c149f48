using Npgsql;

namespace Attune.Db.Embedded;

/// <summary>The database <c>attune</c> on the embedded server, and the role that the host works as.</summary>
internal sealed class OwnDatabase(int port, string password, ServerFiles files)
{
    private const string Name = "attune";

    public string ConnectionString => To(Name, Cluster.Role).ConnectionString;

    /// <summary>Makes the role and the database where they are missing.</summary>
    /// <exception cref="DatabaseServerException">The server does not let the host in, or cannot be used.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        try
        {
            await EnsureRoleAsync(cancellationToken);
            await using var connection = await OpenAsync(Cluster.Role, cancellationToken);
            await using var find = new NpgsqlCommand($"SELECT 1 FROM pg_database WHERE datname = '{Name}'", connection);
            if (await find.ExecuteScalarAsync(cancellationToken) is null)
            {
                await using var create = new NpgsqlCommand($"CREATE DATABASE {Name}", connection);
                await create.ExecuteNonQueryAsync(cancellationToken);
            }
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new DatabaseServerException(
                $"The embedded PostgreSQL does not take the password that is in {files.Password}. Put the right file back, or set " +
                "Database:DataDirectory to another directory to begin anew.", refused);
        }
        catch (NpgsqlException error)
        {
            throw new DatabaseServerException($"The embedded PostgreSQL runs on port {port}, but cannot be used: {error.Message}", error);
        }
    }

    // A role that is not there is refused in the same words as a wrong password.
    private async Task EnsureRoleAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(Cluster.Role, cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            await using var connection = await OpenAsync(Cluster.Superuser, cancellationToken);
            await using var create = new NpgsqlCommand(
                $"CREATE ROLE {Cluster.Role} LOGIN CREATEDB NOSUPERUSER PASSWORD '{password}'", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(string role, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(To("postgres", role).ConnectionString + ";Pooling=false");
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private NpgsqlConnectionStringBuilder To(string database, string role) => new()
    {
        Host = "127.0.0.1",
        Port = port,
        Username = role,
        Password = password,
        Database = database,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
    };
}
