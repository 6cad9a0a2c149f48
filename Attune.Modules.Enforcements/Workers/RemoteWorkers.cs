using System.Security.Cryptography;
using System.Text;
using Attune.Db;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>Workers that are programs of their own: they register, say that they live, and stop.</summary>
internal sealed class RemoteWorkers(
    NpgsqlDataSource database, LeaseEndings endings, RemoteLeases leases, IOptions<WorkersOptions> options, TimeProvider clock)
{
    // The name of a worker that lives is its own: who registers under it shows its token. That of one that stopped or was lost is
    // anybody's.
    private const string MayRegister = """
        worker.worker_type <> 'local'
           AND (worker.status NOT IN ('active', 'busy')
                OR coalesce(worker.last_heartbeat, worker.created) < now() - @LostAfter
                OR worker.token_hash IS NULL
                OR worker.token_hash = @Hash)
        """;

    // A worker may say which executions it knows of while the answer to its claim is still on the way.
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Registers the worker of that name. The leases of an earlier registration are ended first: a worker that is started again does
    /// not know of them.
    /// </summary>
    /// <returns>The worker, and its token.</returns>
    /// <exception cref="RefusedException">
    /// The name belongs to a worker that lives and has another token, or that a host has built in.
    /// </exception>
    public async Task<(Worker Worker, string Token)> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        const string end = $"UPDATE worker SET status = 'inactive' WHERE name = @Name AND {MayRegister} RETURNING id";
        const string begin = $"""
            INSERT INTO worker (name, worker_type, worker_role, host, port, status, capabilities, meta, token_hash, last_heartbeat)
            VALUES (@Name, @Type::worker_type_enum, @Role::worker_role_enum, @Host, @Port, 'active', @Capabilities::jsonb, @Meta::jsonb, @Hash, now())
                ON CONFLICT (name) DO UPDATE
               SET worker_type = excluded.worker_type,
                   worker_role = excluded.worker_role,
                   host = excluded.host,
                   port = excluded.port,
                   status = excluded.status,
                   capabilities = excluded.capabilities,
                   meta = excluded.meta,
                   token_hash = excluded.token_hash,
                   last_heartbeat = excluded.last_heartbeat
             WHERE {MayRegister}
            RETURNING {WorkerRepository.Columns}
            """;

        var token = registration.Token ?? RemoteLeases.NewSecret();
        var parameters = new DynamicParameters(registration);
        parameters.Add("Hash", Hash(token));
        parameters.Add("LostAfter", options.Value.LostAfter);
        if (await EndAsync() is { } earlier)
        {
            await endings.EndRestartedAsync(earlier, new Lookback(clock).Near, cancellationToken);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var worker = await connection.QuerySingleOrDefaultAsync<Worker>(
                new CommandDefinition(begin, parameters, cancellationToken: cancellationToken))
            ?? throw await RefusalAsync(connection);
        leases.Forget(worker.Id);
        return (worker, token);

        // A connection is returned to the pool before another is taken: where all callers hold one and want two, nobody gets any.
        async Task<long?> EndAsync()
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(end, parameters, cancellationToken: cancellationToken));
        }

        async Task<RefusedException> RefusalAsync(NpgsqlConnection connection) => await connection.ExecuteScalarAsync<bool>(
            new CommandDefinition(
            "SELECT EXISTS (SELECT FROM worker WHERE name = @Name AND worker_type = 'local')", registration,
            cancellationToken: cancellationToken))
            ? new(RefusalKind.Conflict, "name", $"Worker '{registration.Name}' is built into a host of Attune.")
            : new(RefusalKind.Conflict, "token",
                $"Worker '{registration.Name}' lives, and token is not the one that it registered with: send that, or choose another name. "
                + $"The name is free again when nothing was heard of it for {options.Value.LostAfterText}.");
    }

    /// <summary>Notes that a worker lives; one that was taken for lost is active again.</summary>
    /// <exception cref="RefusedException">There is no such worker, or it is built into a host.</exception>
    public Task<Worker> HeartbeatAsync(long id, CancellationToken cancellationToken) =>
        OneAsync<Worker>(SeenSql(WorkerRepository.Columns), id, cancellationToken);

    /// <summary>As <see cref="HeartbeatAsync"/>, for one of which no more is asked than what it runs.</summary>
    /// <returns>The references of the actions that it registered with.</returns>
    public Task<string[]> SeenAsync(long id, CancellationToken cancellationToken) =>
        OneAsync<string[]>(SeenSql("ARRAY(SELECT jsonb_array_elements_text(actions))"), id, cancellationToken);

    /// <summary>Notes that several workers live, and answers which of them are active. One that was taken for lost stays so.</summary>
    public async Task<IReadOnlySet<long>> SeenAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        // In one order everywhere, or two hosts could block each other.
        const string sql = """
            WITH alive AS (
                SELECT id FROM worker WHERE id = ANY(@ids) AND status = 'active' ORDER BY id FOR NO KEY UPDATE
            )
            UPDATE worker
               SET last_heartbeat = now()
              FROM alive
             WHERE worker.id = alive.id
            RETURNING worker.id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<long>(
            new CommandDefinition(sql, new { ids = ids.ToArray() }, cancellationToken: cancellationToken))).ToHashSet();
    }

    /// <summary>
    /// Whether a request may know and do what only the worker itself may: it has the worker's token, or the worker has none.
    /// </summary>
    /// <exception cref="RefusedException">The token is another one.</exception>
    public async Task<bool> IsItselfAsync(long id, string? token, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var hash = await connection.ExecuteScalarAsync<byte[]?>(
            new CommandDefinition("SELECT token_hash FROM worker WHERE id = @id", new { id }, cancellationToken: cancellationToken));
        if (hash is not null && token is not null && !CryptographicOperations.FixedTimeEquals(hash, Hash(token)))
        {
            throw NotItself(id, "is not");
        }

        return hash is null || token is not null;
    }

    /// <summary>Ends the leases of which a worker does not know: the answer to its claim never came to it.</summary>
    /// <param name="id">The worker's id.</param>
    /// <param name="token">What it registered with.</param>
    /// <param name="known">The ids of the executions that it knows of.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="RefusedException">The token is missing, or another one.</exception>
    public async Task EndUnknownAsync(long id, string? token, IReadOnlyCollection<long> known, CancellationToken cancellationToken)
    {
        await CheckTokenAsync(id, token, cancellationToken);
        var before = clock.GetUtcNow() - Delivery;
        await endings.EndUnknownAsync(
            id, new Lookback(clock).Near, one => one.StartedAt < before && !known.Contains(one.Id), cancellationToken);
    }

    /// <summary>Stops a worker in good order: what is leased to it is requeued.</summary>
    /// <exception cref="RefusedException">There is no such worker, it is built into a host, or the token is not its own.</exception>
    public async Task<Worker> StopAsync(long id, string? token, CancellationToken cancellationToken)
    {
        const string sql =
            $"UPDATE worker SET status = 'inactive' WHERE id = @id AND worker_type <> 'local' RETURNING {WorkerRepository.Columns}";

        await CheckTokenAsync(id, token, cancellationToken);
        await SeenAsync(id, cancellationToken);
        await endings.EndStoppedAsync(id, new Lookback(clock).Near, cancellationToken);
        return await OneAsync<Worker>(sql, id, cancellationToken);
    }

    private static byte[] Hash(string token) => SHA256.HashData(Encoding.UTF8.GetBytes(token));

    private static RefusedException NotItself(long id, string what) =>
        new(RefusalKind.Forbidden, "token", $"token {what} the one that worker {id} registered with.");

    private static string SeenSql(string columns) => $"""
        UPDATE worker
           SET last_heartbeat = now(), status = CASE WHEN status = 'inactive' THEN 'active' ELSE status END
         WHERE id = @id
           AND worker_type <> 'local'
        RETURNING {columns}
        """;

    private async Task CheckTokenAsync(long id, string? token, CancellationToken cancellationToken)
    {
        if (!await IsItselfAsync(id, token, cancellationToken))
        {
            throw NotItself(id, "must be given:");
        }
    }

    private async Task<T> OneAsync<T>(string sql, long id, CancellationToken cancellationToken)
        where T : class
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<T>(new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken))
            ?? throw (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                    "SELECT EXISTS (SELECT FROM worker WHERE id = @id)", new { id }, cancellationToken: cancellationToken))
                ? new RefusedException(RefusalKind.Conflict, null, $"Worker {id} is built into a host of Attune, which speaks for it.")
                : RefusedException.NotFound($"Worker with ID {id} not found"));
    }
}
