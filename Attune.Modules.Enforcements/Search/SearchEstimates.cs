using Attune.Db.Faults;
using Attune.Db;
using Attune.Db.Values;
using Dapper;
using Npgsql;

namespace Attune.Modules.Enforcements.Search;

/// <summary>About how many rows a search has to look at, from the hourly counts: whole hours, and nothing is counted for it.</summary>
internal sealed class SearchEstimates(NpgsqlDataSource database)
{
    // In seconds: a search does not wait for what only says how long it will be.
    private const int Timeout = 2;

    /// <summary>About how many events a range has; null where the counts do not come at once.</summary>
    public Task<long?> EventsAsync(string? trigger, TimeRange range, CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT sum(event_count)::bigint
              FROM event_volume_hourly
             WHERE bucket > @Since - INTERVAL '1 hour'
               AND bucket < @Until
               {(trigger is null ? "" : "AND trigger_ref = @reference")}
            """;

        return SumAsync(sql, trigger, range, cancellationToken);
    }

    /// <summary>The same of executions.</summary>
    public Task<long?> ExecutionsAsync(string? action, TimeRange range, CancellationToken cancellationToken)
    {
        var sql = $"""
            SELECT sum(execution_count)::bigint
              FROM execution_throughput_hourly
             WHERE bucket > @Since - INTERVAL '1 hour'
               AND bucket < @Until
               {(action is null ? "" : "AND action_ref = @reference")}
            """;

        return SumAsync(sql, action, range, cancellationToken);
    }

    private async Task<long?> SumAsync(string sql, string? reference, TimeRange range, CancellationToken cancellationToken)
    {
        if (reference is not null && !StorableText.IsStorable(reference))
        {
            return 0;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            return await connection.ExecuteScalarAsync<long?>(new CommandDefinition(
                sql, new { reference, range.Since, range.Until }, commandTimeout: Timeout, cancellationToken: cancellationToken)) ?? 0;
        }
        catch (NpgsqlException error) when (DatabaseFault.KindOf(error) is FaultKind.TimedOut)
        {
            return null;
        }
    }
}
