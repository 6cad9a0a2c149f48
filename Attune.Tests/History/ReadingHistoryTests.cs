using Attune.Modules.History;

namespace Attune.Tests.History;

public sealed class ReadingHistoryTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private IHistoryRepository Repository => Get<IHistoryRepository>();

    [Test]
    public async Task The_changes_of_one_transaction_keep_their_order()
    {
        var id = await ScalarAsync<long>("INSERT INTO execution (action_ref) VALUES ('order.kept') RETURNING id");
        await ExecuteAsync(
            """
            BEGIN;
            UPDATE execution SET status = 'scheduled' WHERE id = @id;
            UPDATE execution SET status = 'running' WHERE id = @id;
            UPDATE execution SET status = 'completed', result = '{"succeeded": true}' WHERE id = @id;
            COMMIT;
            """,
            new { id });

        var page = await Repository.ListAsync(HistoryEntityType.Execution, new() { EntityId = id }, new(), Cancellation);

        Assert.That(
            page.Items.Reverse().Select(entry => entry.NewValues!.Value.GetProperty("status").GetString()),
            Is.EqualTo((string[])["requested", "scheduled", "running", "completed"]));
        Assert.That(page.Items.Select(entry => entry.Sequence), Is.Ordered.Descending);
    }

    [Test]
    public async Task Pages_joined_give_every_change_once_newest_first()
    {
        await ExecuteAsync("INSERT INTO execution (action_ref) SELECT 'paged.action' FROM generate_series(1, 95)");

        var seen = new List<HistoryEntry>();
        Cursor? after = null;
        do
        {
            var page = await Repository.ListAsync(
                HistoryEntityType.Execution, new() { EntityRef = "paged.action" }, new() { Size = 10, After = after }, Cancellation);
            seen.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.That(seen, Has.Count.EqualTo(95));
        Assert.That(seen.Select(entry => entry.Sequence), Is.Unique.And.Ordered.Descending);
    }

    [Test]
    public async Task Filters_hold_together()
    {
        await ExecuteAsync("INSERT INTO worker (name, worker_type, worker_role) VALUES ('filtered', 'local', 'action')");
        await ExecuteAsync("UPDATE worker SET status = 'inactive' WHERE name = 'filtered'");
        await ExecuteAsync("UPDATE worker SET host = 'elsewhere' WHERE name = 'filtered'");

        var page = await Repository.ListAsync(
            HistoryEntityType.Worker,
            new() { EntityRef = "filtered", Operation = "UPDATE", ChangedField = "status" },
            new() { IncludeTotal = true },
            Cancellation);

        Assert.That(page.Items, Has.Count.EqualTo(1));
        Assert.That(page.Total, Is.EqualTo(new Total(1, IsMinimum: false)));
        Assert.That(page.Items[0].OldValues!.Value.GetProperty("status").GetString(), Is.EqualTo("active"));
        Assert.That(page.Items[0].NewValues!.Value.GetProperty("status").GetString(), Is.EqualTo("inactive"));
    }

    [Test]
    public async Task An_execution_that_nobody_knows_has_an_empty_history()
    {
        var page = await Repository.ListAsync(HistoryEntityType.Execution, new() { EntityId = 987_654_321 }, new(), Cancellation);

        Assert.That(page.Items, Is.Empty);
        Assert.That(page.Next, Is.Null);
    }

    [Test]
    public async Task A_requested_execution_is_in_its_history_and_in_the_hourly_volume()
    {
        var before = await SumAsync();
        await ExecuteAsync("INSERT INTO execution (action_ref) VALUES ('volume.one'), ('volume.one'), ('volume.two')");

        Assert.That(await SumAsync() - before, Is.EqualTo(3));
        var top = await Get<IVolumeRepository>().TopAsync(
            VolumeSeries.ExecutionThroughput, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddHours(1), 100, Cancellation);
        Assert.That(top.Single(one => one.Ref == "volume.one").Value, Is.EqualTo(2));

        async Task<long> SumAsync() => (await Get<IVolumeRepository>().ReadAsync(
            VolumeSeries.ExecutionThroughput, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddHours(1), Cancellation))
            .Sum(point => point.Value);
    }
}
