using Attune.Db.Maintenance;

namespace Attune.Tests.Db;

public sealed class IdRangeTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private IdRanges Ids => Get<IdRanges>();

    [OneTimeSetUp]
    public async Task WriteAsync()
    {
        await ExecuteAsync("CALL ensure_partitions('event', now() - INTERVAL '10 days', now())");
        await ExecuteAsync(
            """
            INSERT INTO event (id, trigger_ref, created)
            SELECT 1000 + i, 'ranges', date_trunc('day', now(), 'UTC') - INTERVAL '7 days' + i * INTERVAL '6 hours'
              FROM generate_series(0, 23) AS i
            """);
        await Get<TimeTables>().MaintainAsync(TestContext.CurrentContext.CancellationToken);
    }

    [Test]
    public async Task An_id_of_a_closed_chunk_tells_its_day()
    {
        for (var id = 1000; id < 1024; id++)
        {
            var hint = await Ids.HintAsync(IdTable.Event, id, Cancellation);
            var created = await CreatedAsync(id);

            Assert.That(hint.Until - hint.Since, Is.EqualTo(TimeSpan.FromDays(1)), $"{id}");
            Assert.That(created, Is.GreaterThanOrEqualTo(hint.Since).And.LessThan(hint.Until), $"{id}");
        }
    }

    [Test]
    public async Task An_id_past_every_closed_chunk_is_looked_for_in_the_open_ones()
    {
        var hint = await Ids.HintAsync(IdTable.Event, 5_000_000, Cancellation);

        Assert.That(hint.Until, Is.InRange(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(1)));
        Assert.That(hint.Since, Is.GreaterThan(DateTimeOffset.UtcNow.AddDays(-3)).And.LessThanOrEqualTo(DateTimeOffset.UtcNow));
    }

    [Test]
    public async Task A_table_without_closed_rows_gives_no_wrong_hint()
    {
        await ExecuteAsync("INSERT INTO execution (id, action_ref) VALUES (1, 'ranges')");

        var hint = await Ids.HintAsync(IdTable.Execution, 1, Cancellation);

        Assert.That(hint.Since, Is.LessThanOrEqualTo(DateTimeOffset.UtcNow));
        Assert.That(hint.Until, Is.GreaterThan(DateTimeOffset.UtcNow));
    }

    [Test]
    public async Task A_row_that_came_late_is_found_all_the_same()
    {
        await ExecuteAsync(
            "INSERT INTO event (id, trigger_ref, created) VALUES (900000, 'ranges', date_trunc('day', now(), 'UTC') - INTERVAL '5 days')");
        var asked = new List<TimeRange>();

        var found = await Ids.FindAsync(IdTable.Event, 900_000, FindAsync(900_000, asked), Cancellation);

        Assert.That(found, Is.EqualTo("ranges"));
        Assert.That(asked, Has.Count.EqualTo(2));
        Assert.That(asked[1], Is.EqualTo(TimeRange.Always));
    }

    [Test]
    public async Task A_right_hint_is_asked_once_and_an_unknown_id_is_not_found()
    {
        var asked = new List<TimeRange>();

        Assert.That(await Ids.FindAsync(IdTable.Event, 1010, FindAsync(1010, asked), Cancellation), Is.EqualTo("ranges"));
        Assert.That(asked, Has.Count.EqualTo(1));
        Assert.That(await Ids.FindAsync(IdTable.Event, 1, FindAsync(1, asked), Cancellation), Is.Null);
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(long.MaxValue)]
    [TestCase(long.MinValue)]
    public async Task Any_number_may_be_asked_for(long id) =>
        Assert.That(await Ids.FindAsync(IdTable.Event, id, FindAsync(id, []), Cancellation), Is.Null);

    private Func<TimeRange, CancellationToken, Task<string?>> FindAsync(long id, List<TimeRange> asked) => async (range, _) =>
    {
        asked.Add(range);
        return (await QueryAsync<string>(
            "SELECT trigger_ref FROM event WHERE id = @id AND created >= @Since AND created < @Until",
            new { id, range.Since, range.Until })).SingleOrDefault();
    };

    private async Task<DateTimeOffset> CreatedAsync(long id) =>
        (await QueryAsync<DateTimeOffset>("SELECT created FROM event WHERE id = @id", new { id })).Single();
}
