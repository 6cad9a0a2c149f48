using System.Collections.Concurrent;
using Attune.Db.Changes;
using Npgsql;

namespace Attune.Tests.Db;

/// <summary>A listening connection that gathers what is sent on every channel of the feed.</summary>
internal sealed class Notices : IAsyncDisposable
{
    private const string Marker = "notices_marker";

    private readonly NpgsqlDataSource _database;
    private readonly NpgsqlConnection _connection;
    private readonly ConcurrentQueue<(string Channel, string Payload)> _received = new();

    private Notices(NpgsqlDataSource database, NpgsqlConnection connection)
    {
        _database = database;
        _connection = connection;
        _connection.Notification += (_, notice) => _received.Enqueue((notice.Channel, notice.Payload));
    }

    public static async Task<Notices> ListenAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var notices = new Notices(database, await database.OpenConnectionAsync(cancellationToken));
        await using var listen = notices._connection.CreateCommand();
        listen.CommandText = string.Join(';', Channels.All.Append(Marker).Select(channel => $"LISTEN {channel}"));
        await listen.ExecuteNonQueryAsync(cancellationToken);
        return notices;
    }

    /// <summary>What was committed until now: notices come in the order of their commits, so all are there when a marker is.</summary>
    public async Task<IReadOnlyList<(string Channel, string Payload)>> ReadAsync(CancellationToken cancellationToken)
    {
        await using (var mark = _database.CreateCommand($"NOTIFY {Marker}"))
        {
            await mark.ExecuteNonQueryAsync(cancellationToken);
        }

        var read = new List<(string Channel, string Payload)>();
        while (true)
        {
            while (_received.TryDequeue(out var notice))
            {
                if (notice.Channel == Marker)
                {
                    return read;
                }

                read.Add(notice);
            }

            await _connection.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // A pooled connection would go on listening for whoever has it next.
        await using (var unlisten = _connection.CreateCommand())
        {
            unlisten.CommandText = "UNLISTEN *";
            await unlisten.ExecuteNonQueryAsync();
        }

        await _connection.DisposeAsync();
    }
}
