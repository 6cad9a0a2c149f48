using Attune.Modules.History;
using Attune.Web.Pages.Home;
using Attune.Web.Shared;

namespace Attune.Tests.Web;

public sealed class VolumeChartTests
{
    [Test]
    public void The_last_24_hours_end_with_the_present_one()
    {
        var (since, until) = HourlyBars.Range(new DateTimeOffset(2026, 3, 1, 0, 20, 0, TimeSpan.FromHours(2)));

        Assert.That(until, Is.EqualTo(new DateTimeOffset(2026, 2, 28, 23, 0, 0, TimeSpan.Zero)));
        Assert.That(since, Is.EqualTo(until.AddHours(-24)));
    }

    [Test]
    public void Hours_without_rows_are_zero_and_labels_are_summed()
    {
        var since = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        VolumePoint[] points =
        [
            new() { Bucket = since.AddHours(1), Label = "completed", Value = 3 },
            new() { Bucket = since.AddHours(1), Label = "failed", Value = 4 },
        ];

        var bars = HourlyBars.Fill(points, since, since.AddHours(3));

        Assert.That(bars.Select(bar => bar.Value), Is.EqualTo((long[])[0, 7, 0]));
        Assert.That(bars.Select(bar => bar.Hour), Is.EqualTo((DateTimeOffset[])[since, since.AddHours(1), since.AddHours(2)]));
    }

    [TestCase(0, 5)]
    [TestCase(5, 5)]
    [TestCase(6, 10)]
    [TestCase(1_999, 2_000)]
    [TestCase(2_001, 5_000)]
    [TestCase(9_000_000, 10_000_000)]
    public void The_scale_ends_at_a_round_number(long most, long expected)
    {
        Assert.That(BarChart.Scale(most), Is.EqualTo(expected));
    }
}
