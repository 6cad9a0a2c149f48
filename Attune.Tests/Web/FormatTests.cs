using Attune.Web.Shared;

namespace Attune.Tests.Web;

public sealed class FormatTests
{
    private static readonly DateTimeOffset At = new(2026, 7, 1, 22, 30, 5, 123, TimeSpan.Zero);

    [Test]
    public void Instants_are_shown_in_the_readers_zone()
    {
        var kolkata = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");

        Assert.That(Format.Instant(At, TimeZoneInfo.Utc), Is.EqualTo("2026-07-01 22:30:05"));
        Assert.That(Format.Precise(At, kolkata), Is.EqualTo("2026-07-02 04:00:05.123"));
        Assert.That(Format.Clock(At, kolkata), Is.EqualTo("04:00"));
    }

    [Test]
    public void Tooltips_have_the_zone_and_utc()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        Assert.That(Format.Tooltip(At, berlin), Is.EqualTo("2026-07-02 00:30:05.123 +02:00\n2026-07-01T22:30:05.123Z"));
        Assert.That(Format.Tooltip(At, TimeZoneInfo.Utc), Is.EqualTo("2026-07-01T22:30:05.123Z"));
    }

    [TestCase(0, "0")]
    [TestCase(12.3456, "12.35")]
    [TestCase(0.01234, "0.0123")]
    [TestCase(-0.00001, "-1e-5")]
    [TestCase(1234567.89, "1,234,567.9")]
    [TestCase(1e20, "1e+20")]
    [TestCase(double.MaxValue, "1.798e+308")]
    public void Measures_have_as_many_digits_as_are_worth_reading(double number, string expected) =>
        Assert.That(Format.Measure(number), Is.EqualTo(expected));

    [TestCase(-3, "just now")]
    [TestCase(4.9, "just now")]
    [TestCase(5, "5 s ago")]
    [TestCase(59.9, "59 s ago")]
    [TestCase(60, "1 min ago")]
    [TestCase(3599, "59 min ago")]
    [TestCase(3600, "1 h ago")]
    [TestCase(86399, "23 h ago")]
    [TestCase(86400, "1 d ago")]
    [TestCase(86400 * 89, "89 d ago")]
    public void Ages_are_counted_in_one_unit(double seconds, string expected)
    {
        Assert.That(Format.Ago(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));
    }

    [TestCase(-1, "0 ms")]
    [TestCase(0.4, "< 1 ms")]
    [TestCase(1, "1 ms")]
    [TestCase(999, "999 ms")]
    [TestCase(1000, "1.0 s")]
    [TestCase(4230, "4.23 s")]
    [TestCase(61_000, "1 min 1 s")]
    [TestCase(3_600_000, "1 h 0 min")]
    [TestCase(90_000_000, "1 d 1 h")]
    public void Durations_have_the_two_units_that_matter(double milliseconds, string expected)
    {
        Assert.That(Format.Duration(TimeSpan.FromMilliseconds(milliseconds)), Is.EqualTo(expected));
    }

    [Test]
    public void Counts_and_sizes_are_readable()
    {
        Assert.That(Format.Count(1, "event"), Is.EqualTo("1 event"));
        Assert.That(Format.Count(12_345, "event"), Is.EqualTo("12,345 events"));
        Assert.That(Format.Size(999), Is.EqualTo("999 B"));
        Assert.That(Format.Size(30_500), Is.EqualTo("30.5 kB"));
        Assert.That(Format.Size(1_048_576), Is.EqualTo("1 MB"));
    }

    [Test]
    public void Instants_of_an_hour_that_comes_twice_say_which_of_the_two_they_are_in()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var first = new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero);

        Assert.That(Format.Instant(first, berlin), Is.EqualTo("2026-10-25 02:30:00 +02:00"));
        Assert.That(Format.Instant(first.AddHours(1), berlin), Is.EqualTo("2026-10-25 02:30:00 +01:00"));
        Assert.That(Format.Instant(first.AddHours(2), berlin), Is.EqualTo("2026-10-25 03:30:00"));
    }
}
