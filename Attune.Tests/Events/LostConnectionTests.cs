using System.Data;
using Attune.Modules.Events;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Attune.Tests.Events;

/// <summary>The ledger keeps its connections; the server may end them while nobody writes.</summary>
public sealed class LostConnectionTests(DatabaseEngine engine) : EventsTest(engine)
{
    protected override IServiceCollection Configure(IServiceCollection services) => services.AddSingleton(
        _ => DataSources.Create(new NpgsqlConnectionStringBuilder(ConnectionString) { KeepAlive = 1 }.ConnectionString));

    [Test]
    public async Task A_connection_that_was_found_to_be_lost_while_it_lay_idle_is_replaced_without_a_word()
    {
        for (var turn = 0; turn < 2; turn++)
        {
            // One call and one writer after the other: both hold a connection.
            await Task.WhenAll(
                Enumerable.Range(0, 20).Select(_ => Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook" }, Cancellation)));
            await using var witness = await Database.OpenConnectionAsync(Cancellation);
            await using (var other = new NpgsqlConnection(
                new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString))
            {
                await other.OpenAsync(Cancellation);
                await using var end = new NpgsqlCommand(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", other);
                await end.ExecuteNonQueryAsync(Cancellation);
            }

            // It was opened after those of the ledger had rested, so theirs are found out before it is.
            await Eventually.HoldsAsync(() => witness.State != ConnectionState.Open, "the loss is noticed");

            Assert.That((await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook" }, Cancellation)).Id, Is.Positive);
        }
    }
}
