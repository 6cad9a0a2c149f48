using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Attune.Db.Changes;

/// <summary>The host's one listening connection: feeds the hub, and comes back by itself when the server was away.</summary>
internal sealed partial class ChangeListener(NpgsqlDataSource database, ChangeHub hub, TimeProvider clock, ILogger<ChangeListener> logger)
    : BackgroundService
{
    /// <summary>What the listening session calls itself, so that others can see that it is there.</summary>
    public const string SessionName = "attune changes";

    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LastRetry = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await ListenAgainAndAgainAsync(stoppingToken);
        }
        finally
        {
            hub.SetConnected(false);
        }
    }

    private async Task ListenAgainAndAgainAsync(CancellationToken stoppingToken)
    {
        var wait = FirstRetry;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await ListenAsync(stoppingToken);
                hub.SetConnected(true);
                wait = FirstRetry;
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (Exception error) when (!error.IsCancellation(stoppingToken))
            {
                hub.SetConnected(false);
                Log.Lost(logger, error, wait.TotalMilliseconds);
                await Task.Delay(wait, clock, stoppingToken);
                wait = wait * 2 < LastRetry ? wait * 2 : LastRetry;
            }
        }
    }

    private async Task<NpgsqlConnection> ListenAsync(CancellationToken cancellationToken)
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            connection.Notification += (_, notice) =>
            {
                if (Change.TryParse(notice.Channel, notice.Payload) is { } change)
                {
                    hub.Publish(change);
                }
            };
            await using var listen = connection.CreateCommand();
            listen.CommandText = string.Join(
                ';', [$"SET application_name = '{SessionName}'", .. Channels.All.Select(channel => $"LISTEN {channel}")]);
            await listen.ExecuteNonQueryAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The change feed lost its connection; trying again in {Milliseconds} ms")]
        public static partial void Lost(ILogger logger, Exception error, double milliseconds);
    }
}
