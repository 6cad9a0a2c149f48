using Attune.Db.Histograms;

namespace Attune.Tests.Db;

/// <summary>Where ranges of time are cut into buckets.</summary>
public sealed class HistogramEdgesTests
{
    private static readonly string[] Zones =
    [
        "UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia",
        "Pacific/Kiritimati", "Africa/Cairo",
    ];

    [Test]
    public void Buckets_follow_each_other_and_cover_the_range_in_every_zone()
    {
        var random = new Random(20261127);
        foreach (var zone in Zones.Select(TimeZoneInfo.FindSystemTimeZoneById))
        {
            for (var i = 0; i < 300; i++)
            {
                var since = new DateTimeOffset(2011, 12, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(random.NextInt64(500_000_000));
                var until = since.AddSeconds(Math.Pow(10, random.NextDouble() * 8));
                var most = random.Next(4, 100);
                var endsWithin = i % 2 == 0;

                var edges = HistogramEdges.Cut(since, until, endsWithin, most, zone);

                var about = $"{zone.Id}, {since:O} – {until:O}, {most}: {string.Join(' ', edges.Select(edge => edge.ToString("O")))}";
                Assert.That(edges, Is.Ordered.Ascending.And.Unique, about);
                Assert.That(edges[0], Is.EqualTo(since), about);
                Assert.That(edges[^1], endsWithin ? Is.EqualTo(until) : Is.GreaterThanOrEqualTo(until), about);
                Assert.That(edges[^2], Is.LessThan(until), about);

                // A night in which the clock is put back may have a bucket more.
                Assert.That(edges, Has.Count.LessThanOrEqualTo(most + 2), about);
            }
        }
    }

    [TestCase("Europe/Berlin", 2026, 10, 25, 25)]
    [TestCase("Europe/Berlin", 2026, 3, 29, 23)]
    [TestCase("America/New_York", 2026, 11, 1, 25)]
    [TestCase("America/Santiago", 2026, 9, 6, 23)]
    [TestCase("Australia/Lord_Howe", 2026, 4, 5, 24.5)]
    public void A_day_in_which_the_clock_is_changed_is_one_bucket(string zone, int year, int month, int day, double hours)
    {
        var there = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var noon = new DateTimeOffset(year, month, day, 12, 0, 0, TimeSpan.Zero);

        var edges = HistogramEdges.Cut(noon.AddDays(-15), noon.AddDays(15), endsWithin: true, 48, there);

        var lengths = edges.Skip(1).SkipLast(1).Zip(edges.Skip(2).SkipLast(1), (begin, end) => (end - begin).TotalHours).ToList();
        Assert.That(lengths.Count(length => length == hours), Is.EqualTo(1));
        Assert.That(lengths.Where(length => length != hours), Is.All.EqualTo(24));
        Assert.That(
            edges.Skip(1).SkipLast(1).Select(edge => TimeZoneInfo.ConvertTime(edge, there).TimeOfDay.TotalHours), Is.All.LessThanOrEqualTo(1));
    }

    [Test]
    public void An_hour_that_comes_twice_is_two_buckets()
    {
        var berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var midnight = new DateTimeOffset(2026, 10, 24, 22, 0, 0, TimeSpan.Zero);

        var edges = HistogramEdges.Cut(midnight, midnight.AddHours(25), endsWithin: true, 48, berlin);

        Assert.That(edges, Has.Count.EqualTo(26));
        Assert.That(edges.Count(edge => TimeZoneInfo.ConvertTime(edge, berlin).Hour == 2), Is.EqualTo(2));
    }

    [Test]
    public void Hours_of_a_zone_that_is_half_an_hour_off_begin_with_its_own()
    {
        var kolkata = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata");
        var at = new DateTimeOffset(2026, 11, 20, 10, 12, 0, TimeSpan.Zero);

        var edges = HistogramEdges.Cut(at, at.AddHours(24), endsWithin: true, 48, kolkata);

        Assert.That(edges.Skip(1).SkipLast(1).Select(edge => TimeZoneInfo.ConvertTime(edge, kolkata).Minute), Is.All.Zero);
    }

    [Test]
    public void Weeks_begin_on_Monday()
    {
        var at = new DateTimeOffset(2026, 9, 1, 10, 0, 0, TimeSpan.Zero);

        var edges = HistogramEdges.Cut(at, at.AddDays(80), endsWithin: true, 14, TimeZoneInfo.Utc);

        Assert.That(edges.Skip(1).SkipLast(1).Select(edge => edge.DayOfWeek), Is.All.EqualTo(DayOfWeek.Monday));
    }

    [Test]
    public void A_list_without_bounds_is_cut_from_its_oldest_row_to_the_bucket_of_now()
    {
        var now = new DateTimeOffset(2026, 11, 20, 10, 12, 0, TimeSpan.Zero);
        var oldest = now.AddDays(-20);

        var edges = HistogramEdges.OfList(null, null, now, oldest, 48, TimeZoneInfo.Utc);

        Assert.That(edges[0], Is.EqualTo(oldest));
        Assert.That(edges[^2], Is.LessThanOrEqualTo(now));
        Assert.That(edges[^1], Is.GreaterThan(now));
    }

    [Test]
    public void Bounds_beyond_all_reason_are_cut_off()
    {
        var now = new DateTimeOffset(2026, 11, 20, 10, 12, 0, TimeSpan.Zero);
        var year1 = DateTimeOffset.MinValue;

        Assert.That(HistogramEdges.OfList(year1, DateTimeOffset.MaxValue, now, now.AddDays(-3), 48, TimeZoneInfo.Utc)[0], Is.EqualTo(now.AddDays(-400)));
        Assert.That(HistogramEdges.OfList(year1, null, now, now.AddDays(-900), 48, TimeZoneInfo.Utc)[0], Is.EqualTo(now.AddDays(-900)));
        Assert.That(HistogramEdges.OfList(now.AddDays(-7), null, now, now.AddDays(-3), 48, TimeZoneInfo.Utc)[0], Is.EqualTo(now.AddDays(-7)));
        Assert.That(HistogramEdges.OfList(year1, null, now, null, 48, TimeZoneInfo.Utc), Is.Not.Empty);
        Assert.That(HistogramEdges.OfList(now.AddDays(2), null, now, null, 48, TimeZoneInfo.Utc), Is.Empty);
        Assert.That(HistogramEdges.OfList(null, year1, now, now.AddDays(-3), 48, TimeZoneInfo.Utc), Is.Empty);
    }
}
