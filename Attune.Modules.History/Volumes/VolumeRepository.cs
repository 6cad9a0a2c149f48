using Dapper;
using Npgsql;

namespace Attune.Modules.History.Volumes;

internal sealed class VolumeRepository(NpgsqlDataSource database) : IVolumeRepository
{
    public async Task<IReadOnlyList<VolumePoint>> ReadAsync(
        VolumeSeries series, DateTimeOffset since, DateTimeOffset until, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<VolumePoint>(new CommandDefinition(
            ReadQuery(series), new { since, until }, cancellationToken: cancellationToken))).AsList();
    }

    public async Task<IReadOnlyList<RefVolume>> TopAsync(
        VolumeSeries series, DateTimeOffset since, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        var view = View.Of(series);
        var sql = $"""
            SELECT {view.Ref} AS ref, sum({view.Count})::bigint AS value
              FROM {view.Name}
             WHERE bucket >= @since
               AND bucket < @until
             GROUP BY {view.Ref}
             ORDER BY value DESC, ref
             LIMIT @limit
            """;

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<RefVolume>(new CommandDefinition(
            sql, new { since, until, limit }, cancellationToken: cancellationToken))).AsList();
    }

    internal static string ReadQuery(VolumeSeries series)
    {
        var view = View.Of(series);
        return $"""
            SELECT bucket, {view.Label} AS label, sum({view.Count})::bigint AS value
              FROM {view.Name}
             WHERE bucket >= @since
               AND bucket < @until
             GROUP BY 1, 2
             ORDER BY 1, 2
            """;
    }

    // The views' names and columns, from a closed set: never from outside.
    private sealed record View(string Name, string Ref, string Count, string Label)
    {
        public static View Of(VolumeSeries series) => series switch
        {
            VolumeSeries.Events => new("event_volume_hourly", "trigger_ref", "event_count", "NULL::text"),
            VolumeSeries.Enforcements => new("enforcement_volume_hourly", "rule_ref", "enforcement_count", "NULL::text"),
            VolumeSeries.ExecutionThroughput => new("execution_throughput_hourly", "action_ref", "execution_count", "NULL::text"),
            VolumeSeries.ExecutionStatus => new("execution_status_hourly", "action_ref", "transition_count", "new_status"),
            VolumeSeries.WorkerStatus => new("worker_status_hourly", "worker_name", "transition_count", "new_status"),
            _ => throw new ArgumentOutOfRangeException(nameof(series), series, "There is no such series."),
        };
    }
}
