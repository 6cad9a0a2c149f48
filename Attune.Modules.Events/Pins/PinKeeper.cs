using Attune.Db;
using Dapper;
using Npgsql;

namespace Attune.Modules.Events.Pins;

/// <summary>Takes the copies of pinned events again that are due. Any number of hosts may do so: each takes what no other has.</summary>
internal sealed class PinKeeper(NpgsqlDataSource database, IEventRepository events, PinCopies copies)
{
    // Longer than a copy takes; what a host had that was killed is due again then.
    private static readonly TimeSpan Claim = TimeSpan.FromMinutes(2);

    // A copy that has grown too large may not be so for good: executions that wait are a part of it.
    private static readonly TimeSpan AfterRefusal = TimeSpan.FromHours(6);

    /// <summary>Takes the copy that has been due for longest.</summary>
    /// <returns>False when none is due.</returns>
    public async Task<bool> CopyNextAsync(CancellationToken cancellationToken)
    {
        if (await ClaimAsync(cancellationToken) is not { } id)
        {
            return false;
        }

        if (await events.FindAsync(id, cancellationToken) is not { } found)
        {
            await EndAsync(id, cancellationToken);
            return true;
        }

        try
        {
            await StoreAsync(id, await copies.TakeAsync(found, cancellationToken), cancellationToken);
        }
        catch (RefusedException refused)
        {
            await PutOffAsync(id, refused.Message, cancellationToken);
        }

        return true;
    }

    private async Task<long?> ClaimAsync(CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE pinned_event
               SET next_copy_at = clock_timestamp() + @Claim
             WHERE event = (SELECT event
                              FROM pinned_event
                             WHERE next_copy_at <= clock_timestamp()
                             ORDER BY next_copy_at
                             LIMIT 1
                               FOR UPDATE SKIP LOCKED)
            RETURNING event
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(sql, new { Claim }, cancellationToken: cancellationToken));
    }

    // A copy that began before the one that is kept says less, and so does one that was taken while rows could be dropped.
    private async Task StoreAsync(long id, PinCopy copy, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE pinned_event
               SET bundle = @Text::json, bytes = @Bytes, is_complete = @IsComplete, copied_at = @Began, next_copy_at = @Next, problem = NULL
             WHERE event = @id
               AND copied_at < @Began
            """;

        if (!copy.IsInTime)
        {
            await EndAsync(id, cancellationToken);
            return;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            sql, new { id, copy.Text, copy.Bytes, copy.IsComplete, copy.Began, copy.Next }, cancellationToken: cancellationToken));
    }

    private async Task EndAsync(long id, CancellationToken cancellationToken)
    {
        const string sql = "UPDATE pinned_event SET next_copy_at = NULL WHERE event = @id";

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { id }, cancellationToken: cancellationToken));
    }

    private async Task PutOffAsync(long id, string problem, CancellationToken cancellationToken)
    {
        const string sql = """
            UPDATE pinned_event
               SET next_copy_at = clock_timestamp() + @AfterRefusal, problem = @problem
             WHERE event = @id
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(sql, new { id, problem, AfterRefusal }, cancellationToken: cancellationToken));
    }
}
