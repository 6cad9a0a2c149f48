using System.Collections.Concurrent;
using Attune.Db.Changes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Db;

public sealed class ChangeListenerTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private ChangeHub Hub => Get<ChangeHub>();

    [Test]
    public async Task A_committed_change_reaches_a_subscriber_and_a_lost_connection_is_made_up_for()
    {
        var seen = new ConcurrentQueue<Change>();
        var madeUp = 0;
        using var watching = Hub.Subscribe(change =>
        {
            seen.Enqueue(change);
            return false;
        }, _ =>
        {
            Interlocked.Increment(ref madeUp);
            return Task.CompletedTask;
        }, TimeSpan.Zero);
        using var listener = new ChangeListener(Database, Hub, TimeProvider.System, NullLogger<ChangeListener>.Instance);
        await listener.StartAsync(Cancellation);
        try
        {
            await Eventually.HoldsAsync(() => Volatile.Read(ref madeUp) == 1, "everything signalled when the connection is there");
            await ExecuteAsync("INSERT INTO event (trigger_ref, payload) VALUES ('feed.first', '{}')");
            await Eventually.HoldsAsync(() => seen.Any(IsEvent("feed.first")), "the signal of an event");
            Assert.That(seen.Single(IsEvent("feed.first")).Channel, Is.EqualTo(Channels.EventCreated));
            Assert.That(Volatile.Read(ref madeUp), Is.EqualTo(1));

            await ExecuteAsync(
                """
                SELECT pg_terminate_backend(pid)
                  FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN %'
                """);
            await Eventually.HoldsAsync(() => Volatile.Read(ref madeUp) == 2, "everything signalled after the connection was lost");
            Assert.That(Hub.Connected, Is.True);

            await ExecuteAsync("INSERT INTO event (trigger_ref) VALUES ('feed.second')");
            await Eventually.HoldsAsync(() => seen.Any(IsEvent("feed.second")), "the signal of an event on the new connection");
        }
        finally
        {
            await listener.StopAsync(CancellationToken.None);
        }

        static Func<Change, bool> IsEvent(string trigger) => change => change.TriggerRef == trigger;
    }

    [Test]
    public async Task Every_channel_is_listened_to()
    {
        using var listener = new ChangeListener(Database, Hub, TimeProvider.System, NullLogger<ChangeListener>.Instance);
        var channels = new ConcurrentDictionary<string, bool>();
        using var watching = Hub.Subscribe(change => channels.TryAdd(change.Channel, true), _ => Task.CompletedTask, TimeSpan.Zero);
        await listener.StartAsync(Cancellation);
        try
        {
            await Eventually.HoldsAsync(() => Hub.Connected, "the listening connection");
            foreach (var channel in Channels.All)
            {
                await ExecuteAsync("SELECT pg_notify(@channel, '{\"id\": 1}')", new { channel });
            }

            await Eventually.HoldsAsync(() => Channels.All.All(channels.ContainsKey), "a signal on every channel");
        }
        finally
        {
            await listener.StopAsync(CancellationToken.None);
        }
    }
}
