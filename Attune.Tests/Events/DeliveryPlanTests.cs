using Attune.Db.Values;
using Attune.Modules.Events;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

/// <summary>The plans of the list of deliveries, on a table with a fortnight of them.</summary>
public sealed class DeliveryPlanTests : NativeDatabaseTest
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    [OneTimeSetUp]
    public Task WriteAFortnightAsync() => ExecuteAsync(
        """
        CALL ensure_partitions('webhook_delivery', now() - INTERVAL '13 days', now());
        INSERT INTO webhook_delivery (received, trigger, trigger_ref, outcome, status, method, duration_ms, events, body_is_whole)
        SELECT now() - number * INTERVAL '13 days' / 60000, number % 3, 'plan.trigger_' || number % 3,
               CASE number % 50 WHEN 0 THEN 'refused' WHEN 1 THEN 'repeated' ELSE 'taken' END, 200, 'POST', 1, 1, true
          FROM generate_series(1, 60000) AS number;
        ANALYZE webhook_delivery;
        """);

    [TestCase("", "_trigger_ref_received_id_idx")]
    [TestCase("refused", "_trigger_ref_outcome_received_id_idx")]
    [TestCase("repeated", "_trigger_ref_outcome_received_id_idx")]
    public async Task A_page_walks_the_index_of_its_filter_without_sorting(string outcome, string index)
    {
        var filter = new DeliveryFilter
        {
            TriggerRef = "plan.trigger_1",
            Outcomes = EnumNames.Find<DeliveryOutcome>(outcome) is { } one ? [one] : [],
        };
        var page = new PageRequest { After = new(Now.AddDays(-5), 1) };

        var plan = await Plan.OfAsync(
            Database,
            WebhookDeliveries.ListQuery(filter, page, TimeWindows.Of(Now, null, null, page)[0], page.Size + 1),
            analyze: false,
            Cancellation);

        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
        // Of the day of which but some hours are looked at, at some times of the day the index without the trigger is the shorter way.
        Assert.That(plan.Indexes, Has.Some.Contains(index).And.All.Contains("_received_id_idx"), plan.Text);
        Assert.That(plan.Relations, Has.Count.LessThanOrEqualTo(2), plan.Text);
    }

    [Test]
    public async Task A_delivery_is_found_by_the_keys_of_the_days_that_are_kept()
    {
        var plan = await Plan.OfAsync(
            Database,
            (WebhookDeliveries.FindSql, new { id = 1L, triggerRef = "plan.trigger_1", since = Now.AddDays(-16), until = Now.AddHours(1) }),
            analyze: false,
            Cancellation);

        // Partitions that are empty may be read whole.
        Assert.That(plan.NodeTypes.Count(type => type == "Seq Scan"), Is.LessThanOrEqualTo(2), plan.Text);
        Assert.That(plan.Relations, Has.Count.LessThanOrEqualTo(19), plan.Text);
    }
}
