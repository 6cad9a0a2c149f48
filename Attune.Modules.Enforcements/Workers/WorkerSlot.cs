using System.Text.Json;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>
/// A name for a worker, held by a lock of the session for as long as it lives: <c>machine/1</c> is the first worker of a machine.
/// A host that is started again takes up the row that it had, and two hosts on one machine never share one.
/// </summary>
internal sealed class WorkerSlot : IAsyncDisposable
{
    private const int LockClass = 0x776f726b; // "work"
    private const int MostOfMachine = 1000;

    private readonly NpgsqlConnection _connection;

    private WorkerSlot(NpgsqlConnection connection, int number, long id)
    {
        _connection = connection;
        Number = number;
        Id = id;
    }

    public int Number { get; }

    public string Name => NameOf(Number);

    /// <summary>The worker's id.</summary>
    public long Id { get; }

    /// <summary>Takes the first name of this machine that no other has, and marks its worker active.</summary>
    /// <param name="database">Where the names are.</param>
    /// <param name="actions">The references of the actions that the worker runs.</param>
    /// <param name="former">
    /// The number that this worker had, which is tried first: hosts that lost their sessions together do not change names.
    /// </param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<WorkerSlot> TakeAsync(
        NpgsqlDataSource database, string[] actions, int? former, CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            foreach (var number in Enumerable.Range(1, MostOfMachine).Prepend(former ?? 1))
            {
                var name = NameOf(number);
                if (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                    "SELECT pg_try_advisory_lock(@LockClass, hashtext(@name))", new { LockClass, name },
                    cancellationToken: cancellationToken)))
                {
                    return new(connection, number, await RegisterAsync(connection, name, actions, cancellationToken));
                }
            }

            throw new InvalidOperationException($"This machine has {MostOfMachine} workers already.");
        }
        catch
        {
            await ReleaseAsync(connection);
            throw;
        }
    }

    /// <summary>Notes that the worker is alive.</summary>
    /// <returns>False when it has been taken for lost meanwhile, and its executions requeued.</returns>
    /// <exception cref="NpgsqlException">The session is gone, and the lock with it.</exception>
    public async Task<bool> HeartbeatAsync(CancellationToken cancellationToken) =>
        await _connection.ExecuteAsync(new CommandDefinition(
            "UPDATE worker SET last_heartbeat = now() WHERE id = @Id AND status = 'active'", new { Id },
            cancellationToken: cancellationToken)) > 0;

    /// <summary>Marks the worker inactive and lets go of its name.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.ExecuteAsync(new CommandDefinition(
                "UPDATE worker SET status = 'inactive' WHERE id = @Id AND status = 'active'", new { Id }, commandTimeout: 5,
                cancellationToken: CancellationToken.None));
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // The session is gone: the worker is found silent, or the host takes it up when it starts again.
        }

        await ReleaseAsync(_connection);
    }

    private static string NameOf(int number) => $"{Environment.MachineName}/{number}";

    private static Task<long> RegisterAsync(NpgsqlConnection connection, string name, string[] actions, CancellationToken cancellationToken)
    {
        const string sql = """
            INSERT INTO worker (name, worker_type, worker_role, host, status, capabilities, last_heartbeat)
            VALUES (@name, 'local', 'action', @host, 'active', @capabilities::jsonb, now())
                ON CONFLICT (name) DO UPDATE
               SET worker_type = excluded.worker_type,
                   worker_role = excluded.worker_role,
                   host = excluded.host,
                   status = excluded.status,
                   capabilities = excluded.capabilities,
                   last_heartbeat = excluded.last_heartbeat
            RETURNING id
            """;

        var capabilities = JsonSerializer.Serialize(new { actions });
        return connection.ExecuteScalarAsync<long>(new CommandDefinition(
            sql, new { name, host = Environment.MachineName, capabilities }, cancellationToken: cancellationToken));
    }

    // A pooled session lives on when it is disposed, and would keep the lock.
    private static async Task ReleaseAsync(NpgsqlConnection connection)
    {
        try
        {
            await connection.ExecuteAsync(new CommandDefinition(
                "SELECT pg_advisory_unlock_all()", commandTimeout: 5, cancellationToken: CancellationToken.None));
        }
        catch (Exception error) when (error is NpgsqlException or InvalidOperationException)
        {
            // Gone with the session.
        }

        await connection.DisposeAsync();
    }
}
