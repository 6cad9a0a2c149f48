using System.Globalization;

namespace Attune.Tests.Db;

[TestFixture]
public sealed class KeysetPageTests
{
    private static readonly DateTimeOffset At = new(2026, 2, 27, 16, 34, 17, TimeSpan.Zero);

    [Test]
    public void A_row_more_than_asked_for_tells_that_there_is_a_next_page_and_is_not_on_this_one()
    {
        var page = Page.From([5, 4, 3], 2, id => new Cursor(At, id));

        Assert.That(page.Items, Is.EqualTo((int[])[5, 4]));
        Assert.That(page.Next, Is.EqualTo(new Cursor(At, 4)));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2)]
    public void A_page_that_is_not_followed_by_a_row_is_the_last(int rows)
    {
        var page = Page.From([.. Enumerable.Range(1, rows)], 2, id => new Cursor(At, id));

        Assert.That(page.Items, Has.Count.EqualTo(rows));
        Assert.That(page.Next, Is.Null);
    }

    [Test]
    public void Windows_above_a_row_begin_at_it_and_are_together_the_whole_time_once()
    {
        var since = At.AddDays(-40);
        foreach (var (from, windows) in new[] { (At.AddDays(-20), 4), (At.AddDays(-5), 3), (At.AddDays(-50), 1), (At, 1), (At.AddDays(5), 1) })
        {
            var above = TimeWindows.Of(At.AddDays(9), since, At, new() { Before = new(from, 1) });

            Assert.That(above, Has.Count.EqualTo(windows), $"{from}");
            Assert.That(above.Sum(window => (window.Until - window.Since).Ticks), Is.EqualTo((At - since).Ticks), $"{from}");
            Assert.That(above[0].Since, Is.EqualTo(from > At || from == At || from < since ? since : from), $"{from}");
        }
    }

    [TestCase(int.MinValue, 1)]
    [TestCase(0, 1)]
    [TestCase(1, 1)]
    [TestCase(100, 100)]
    [TestCase(int.MaxValue, 100)]
    public void The_size_of_a_page_is_clamped(int asked, int given) =>
        Assert.That(new PageRequest { Size = asked }.Size, Is.EqualTo(given));

    [Test]
    public void Nothing_is_skipped_backwards() => Assert.That(new PageRequest { Offset = -1 }.Offset, Is.Zero);

    [TestCase(10_000, 10_000, false)]
    [TestCase(10_001, 10_000, true)]
    public void A_total_past_the_limit_says_more_than(long counted, long items, bool isMinimum) =>
        Assert.That(Total.Of(counted), Is.EqualTo(new Total(items, isMinimum)));

    [TestCase("2026-02-27T16:34:17.1234567+00:00", 1)]
    [TestCase("2026-02-27T16:34:17.1234560-06:00", long.MaxValue)]
    [TestCase("0001-01-01T00:00:00.0000000+00:00", 0)]
    [TestCase("9999-12-31T23:59:59.9999999+00:00", 7)]
    public void A_cursor_reads_back_what_it_wrote(string at, long id)
    {
        var cursor = new Cursor(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), id);

        Assert.That(Cursor.TryParse(cursor.ToString()), Is.EqualTo(cursor));
        Assert.That(Uri.EscapeDataString(cursor.ToString()), Is.EqualTo(cursor.ToString()), "it needs no escaping in an address");
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    [TestCase("1.2")]
    [TestCase("nonsense!")]
    [TestCase("MQ")]
    [TestCase("MS4yLjM")]
    [TestCase("LTEuMg")]
    [TestCase("MS4tMg")]
    [TestCase("OTIyMzM3MjAzNjg1NDc3NTgwNy4x")]
    [TestCase("OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5LjE")]
    [TestCase("☃")]
    public void Anything_else_is_no_cursor(string? text) => Assert.That(Cursor.TryParse(text), Is.Null);

    [Test]
    public void A_cursor_of_any_length_is_read_without_harm()
    {
        foreach (var length in Enumerable.Range(0, 200).Append(100_000))
        {
            Assert.That(Cursor.TryParse(new string('A', length)), Is.Null, $"{length} characters");
        }
    }

    [Test]
    public void Conditions_that_do_not_apply_leave_no_trace()
    {
        Assert.That(Where.All(), Is.Empty);
        Assert.That(Where.All((false, "a = @A"), (false, "b = @B")), Is.Empty);
        Assert.That(Where.All((false, "a = @A"), (true, "b = @B")), Is.EqualTo("WHERE b = @B"));
        Assert.That(Where.All((true, "a = @A"), (false, "b = @B"), (true, "c = @C")), Is.EqualTo("WHERE a = @A AND c = @C"));
    }
}
