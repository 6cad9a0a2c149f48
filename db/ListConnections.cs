using Npgsql;

namespace Attune.Db;

/// <summary>
/// Connections for lists. A window of some days is planned each time for what it asks, which opens its few chunks only. A
/// window over all of time would be planned over every chunk for longer than it runs, so its statements are prepared, and
/// planned once a connection.
/// </summary>
public sealed class ListConnections : IAsyncDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromDays(15);

    // Without statistics of the values asked for, a plan that sorts may look cheap: only those that walk an index in the order
    // of the list are let in, because they can stop at the end of the page.
    private const string InOrderOnly =
        "-c plan_cache_mode=force_generic_plan -c enable_sort=off -c enable_seqscan=off -c enable_bitmapscan=off";

    private readonly NpgsqlDataSource _planned;
    private readonly NpgsqlDataSource _prepared;

    /// <param name="planned">The data source of everything else.</param>
    /// <param name="connectionString">What the prepared connections are made from.</param>
    public ListConnections(NpgsqlDataSource planned, string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            MaxAutoPrepare = 100,
            AutoPrepareMinUsages = 1,
            MaxPoolSize = 10,
        };
        settings.Options = $"{settings.Options} {InOrderOnly}".TrimStart();
        _planned = planned;
        _prepared = DataSources.Create(settings.ConnectionString);
    }

    /// <summary>Opens the connection that suits a query of this range of <c>created</c>.</summary>
    /// <param name="range">What the query reads.</param>
    /// <param name="page">A page given by its number skips rows by counting them, and is planned each time.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<NpgsqlConnection> OpenAsync(TimeRange range, PageRequest page, CancellationToken cancellationToken) =>
        (page.Offset == 0 && range.Until - range.Since > Long ? _prepared : _planned).OpenConnectionAsync(cancellationToken);

    public ValueTask DisposeAsync() => _prepared.DisposeAsync();
}
