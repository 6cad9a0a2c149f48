using System.Reflection;
using Attune.Modules.Events;
using Npgsql;

namespace Attune.Tests.Events;

public sealed class ImmutableEventsTests(DatabaseEngine engine) : EventsTest(engine)
{
    [Test]
    public async Task The_database_refuses_to_update_an_event()
    {
        var written = await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook", Payload = Parse("""{"n": 1}""") }, Cancellation);

        foreach (var change in (
            string[])["payload = '{}'", "created = now()", "trigger_ref = 'other.trigger'", "source_ref = NULL", "id = id"])
        {
            Assert.That(async () => await ExecuteAsync($"UPDATE event SET {change} WHERE id = @Id", new { written.Id }),
                Throws.InstanceOf<PostgresException>().With.Property("SqlState").EqualTo(PostgresErrorCodes.RestrictViolation), change);
        }
    }

    [Test]
    public void No_contract_offers_to_change_an_event()
    {
        var offered = typeof(IEventRepository).GetMethods().Concat(typeof(IEventLedger).GetMethods()).Select(method => method.Name);

        Assert.That(offered.Distinct(), Is.EquivalentTo((string[])["FindAsync", "ExistsAsync", "NeighboursAsync", "ListAsync", "AppendAsync"]));
        Assert.That(typeof(Event).GetProperties().Where(Settable), Is.Empty);

        static bool Settable(PropertyInfo property) => property.SetMethod is { } setter
            && !setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(System.Runtime.CompilerServices.IsExternalInit));
    }

    [Test]
    public async Task There_is_no_updated_on_an_event() =>
        Assert.That(
            await QueryAsync<string>(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'attune.event'::regclass AND attnum > 0 AND NOT attisdropped"),
            Has.No.Member("updated").And.Member("created"));

    [Test]
    public async Task Deleting_an_event_leaves_enforcement_event_as_it_was()
    {
        var written = await Ledger.AppendAsync(new NewEvent { TriggerRef = "core.webhook" }, Cancellation);
        await ExecuteAsync(
            "INSERT INTO enforcement (rule_ref, trigger_ref, event, payload) VALUES ('test.rule', 'core.webhook', @Id, '{}')",
            new { written.Id });

        await Database.DeleteRowAsync("event", written.Id, Cancellation);

        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM enforcement WHERE event = @Id", new { written.Id }), Is.EqualTo(1));
    }

    [Test]
    public async Task Deleting_a_trigger_leaves_its_events_as_they_were()
    {
        var trigger = await NewTriggerAsync();
        var written = await Ledger.AppendAsync(new NewEvent { TriggerRef = trigger.Ref }, Cancellation);

        await Triggers.DeleteAsync(trigger.Ref, Cancellation);

        var read = await Events.FindAsync(written.Id, Cancellation);
        Assert.That((read!.Trigger, read.TriggerRef), Is.EqualTo(((long?)trigger.Id, trigger.Ref)));
    }
}
