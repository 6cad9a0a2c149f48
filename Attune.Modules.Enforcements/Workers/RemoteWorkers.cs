using System.Collections.Concurrent;
using Attune.Db;
using Attune.Db.Changes;
using Attune.Modules.Enforcements.Actions.Schemas;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Work;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Workers;

/// <summary>Workers that are programs of their own: they register, send heartbeats, and are leased executions.</summary>
internal sealed class RemoteWorkers(
    NpgsqlDataSource database, ExecutionQueue queue, ExecutionFinisher finisher, LeaseEndings endings, ChangeHub hub, TimeProvider clock)
{
    // A worker may say which executions it knows of while the answer to its claim is still on the way.
    private static readonly TimeSpan Delivery = TimeSpan.FromSeconds(30);

    // How far back each has looked. What is old is looked for once after it registered, and once a day.
    private readonly ConcurrentDictionary<long, Lookback> _lookbacks = [];

    /// <summary>
    /// Registers the worker of that name. The leases of an earlier registration are ended first: a worker that is started again does
    /// not know of them.
    /// </summary>
    /// <exception cref="RefusedException">The name belongs to a worker that a host has built in.</exception>
    public async Task<Worker> RegisterAsync(WorkerRegistration registration, CancellationToken cancellationToken)
    {
        const string end = "UPDATE worker SET status = 'inactive' WHERE name = @Name AND worker_type <> 'local' RETURNING id";
        const string begin = $"""
            INSERT INTO worker (name, worker_type, worker_role, host, port, status, capabilities, meta, last_heartbeat)
            VALUES (@Name, @Type::worker_type_enum, @Role::worker_role_enum, @Host, @Port, 'active', @Capabilities::jsonb, @Meta::jsonb, now())
                ON CONFLICT (name) DO UPDATE
               SET worker_type = excluded.worker_type,
                   worker_role = excluded.worker_role,
                   host = excluded.host,
                   port = excluded.port,
                   status = excluded.status,
                   capabilities = excluded.capabilities,
                   meta = excluded.meta,
                   last_heartbeat = excluded.last_heartbeat
             WHERE worker.worker_type <> 'local'
            RETURNING {WorkerRepository.Columns}
            """;

        if (await EndAsync() is { } earlier)
        {
            await endings.EndRestartedAsync(earlier, new Lookback(clock).Near, cancellationToken);
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var worker = await connection.QuerySingleOrDefaultAsync<Worker>(
                new CommandDefinition(begin, registration, cancellationToken: cancellationToken))
            ?? throw new RefusedException(RefusalKind.Conflict, "name", $"Worker '{registration.Name}' is built into a host of Attune.");
        _lookbacks[worker.Id] = new Lookback(clock);
        return worker;

        // A connection is returned to the pool before another is taken: where all callers hold one and want two, nobody gets any.
        async Task<long?> EndAsync()
        {
            await using var connection = await database.OpenConnectionAsync(cancellationToken);
            return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(end, registration, cancellationToken: cancellationToken));
        }
    }

    /// <summary>Notes that a worker lives; one that was taken for lost is active again.</summary>
    /// <exception cref="RefusedException">There is no such worker, or it is built into a host.</exception>
    public async Task<Worker> HeartbeatAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = $"""
            UPDATE worker
               SET last_heartbeat = now(), status = CASE WHEN status = 'inactive' THEN 'active' ELSE status END
             WHERE id = @id
               AND worker_type <> 'local'
            RETURNING {WorkerRepository.Columns}
            """;

        return await OneAsync(sql, id, cancellationToken);
    }

    /// <summary>Ends the leases of which a worker does not know: the answer to its claim never came to it.</summary>
    /// <param name="id">The worker's id.</param>
    /// <param name="known">The ids of the executions that it knows of.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task<int> EndUnknownAsync(long id, IReadOnlyCollection<long> known, CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Delivery;
        return endings.EndUnknownAsync(id, new Lookback(clock).Near, one => one.StartedAt < before && !known.Contains(one.Id), cancellationToken);
    }

    /// <summary>Requeues what was leased to a worker that has closed its connection.</summary>
    public Task RequeueUndeliveredAsync(IReadOnlyList<ClaimedExecution> claimed) =>
        queue.RequeueAsync(claimed, "The worker did not wait for it.", lost: false, CancellationToken.None);

    /// <summary>Stops a worker in good order: what is leased to it is requeued.</summary>
    /// <exception cref="RefusedException">There is no such worker, or it is built into a host.</exception>
    public async Task<Worker> StopAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = $"UPDATE worker SET status = 'inactive' WHERE id = @id AND worker_type <> 'local' RETURNING {WorkerRepository.Columns}";

        await endings.EndStoppedAsync((await HeartbeatAsync(id, cancellationToken)).Id, new Lookback(clock).Near, cancellationToken);
        return await OneAsync(sql, id, cancellationToken);
    }

    /// <summary>Leases executions to a worker, and waits for some where there are none.</summary>
    /// <param name="id">The worker's id. That it asks shows that it lives.</param>
    /// <param name="actions">The references of the actions that it can run.</param>
    /// <param name="size">The most to take.</param>
    /// <param name="enough">Set when it is not to wait any longer.</param>
    /// <param name="gone">Set when the worker waits no more: what was leased to it meanwhile is requeued.</param>
    /// <returns>The executions, with the defaults of their actions filled in; empty when none came.</returns>
    public async Task<IReadOnlyList<ClaimedExecution>> ClaimAsync(
        long id, string[] actions, int size, CancellationToken enough, CancellationToken gone)
    {
        using var signal = new WorkSignal(hub, change => IsWork(change, actions), clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(enough, gone);
        while (true)
        {
            await HeartbeatAsync(id, gone);

            // Not given up half-way: nobody would know whether they are leased.
            var claimed = await TakeAsync(id, actions, size, CancellationToken.None);
            if (claimed.Count > 0 && gone.IsCancellationRequested)
            {
                await RequeueUndeliveredAsync(claimed);
            }

            gone.ThrowIfCancellationRequested();
            if (claimed.Count > 0 || enough.IsCancellationRequested)
            {
                return claimed;
            }

            try
            {
                await signal.WaitAsync(await queue.NextDueAsync(actions, _lookbacks[id].Near, either.Token), either.Token);
            }
            catch (OperationCanceledException) when (!gone.IsCancellationRequested)
            {
                return [];
            }
        }
    }

    private static bool IsWork(Change change, string[] actions) =>
        change is { Channel: Channels.ExecutionCreated } or { Channel: Channels.ExecutionStatusChanged, Status: "requested" }
        && (change.ActionRef is null || actions.Contains(change.ActionRef));

    private async Task<List<ClaimedExecution>> TakeAsync(long id, string[] actions, int size, CancellationToken cancellationToken)
    {
        var lookback = _lookbacks.GetOrAdd(id, _ => new Lookback(clock));
        var claimed = await queue.ClaimAsync(id, actions, lookback.Near, size, cancellationToken);
        if (claimed.Count == 0 && lookback.OldIsDue)
        {
            claimed = await queue.ClaimOldAsync(id, actions, lookback.Near, size, cancellationToken);
            lookback.OldDone(claimed.Count > 0);
        }

        var (sound, unfit) = (new List<ClaimedExecution>(), new List<FinishedExecution>());
        foreach (var one in claimed)
        {
            try
            {
                sound.Add(one with { Config = ParameterSchema.Fit(one.ParamSchema, one.Config) });
            }
            catch (RefusedException refused)
            {
                unfit.Add(new(one, ExecutionStatus.Failed, ExecutionResult.Failed(refused.Message), MayRetry: false));
            }
        }

        await finisher.FinishAsync(unfit, cancellationToken);
        return sound;
    }

    private async Task<Worker> OneAsync(string sql, long id, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<Worker>(new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken))
            ?? throw (await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
                    "SELECT EXISTS (SELECT FROM worker WHERE id = @id)", new { id }, cancellationToken: cancellationToken))
                ? new RefusedException(RefusalKind.Conflict, null, $"Worker {id} is built into a host of Attune, which speaks for it.")
                : RefusedException.NotFound($"Worker with ID {id} not found"));
    }
}
