using System.Text.Json;
using Attune.Modules.Events;

namespace Attune.Tests.Events;

/// <summary>What the tests of this folder have at hand.</summary>
public abstract class EventsTest(DatabaseEngine engine) : DatabaseTest(engine)
{
    protected IEventLedger Ledger => Get<IEventLedger>();

    protected IEventRepository Events => Get<IEventRepository>();

    protected ITriggerRepository Triggers => Get<ITriggerRepository>();

    protected static JsonElement Parse(string json) => JsonElement.Parse(json, Json.DocumentOptions);

    /// <summary>A trigger that no other test uses.</summary>
    protected async Task<Trigger> NewTriggerAsync(bool enabled = true) => await Triggers.CreateAsync(
        new() { Ref = $"test.t_{Guid.NewGuid():N}", Label = "A trigger of a test", Enabled = enabled }, Cancellation);

    protected Task<long> CountAsync(string triggerRef) =>
        ScalarAsync<long>("SELECT count(*) FROM event WHERE trigger_ref = @triggerRef", new { triggerRef });

    protected static async Task<RefusedException> RefusalOf(Task call)
    {
        try
        {
            await call;
        }
        catch (RefusedException refused)
        {
            return refused;
        }

        throw new AssertionException("It was not refused.");
    }
}
