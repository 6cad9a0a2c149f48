using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

/// <summary>So many requests in so many seconds, counted to the instant.</summary>
[TestFixture]
public sealed class RateWindowsTests
{
    private static readonly RateKey Key = new(1, "wh_1", Requests: 2, WindowSeconds: 10);

    private readonly ManualClock _clock = new(DateTimeOffset.UnixEpoch);

    [Test]
    public void A_refused_sender_is_told_how_long_the_window_still_lasts()
    {
        var windows = new RateWindows(_clock);

        Assert.That((windows.Count(Key), windows.Count(Key)), Is.EqualTo(((TimeSpan?)null, (TimeSpan?)null)));
        _clock.Advance(TimeSpan.FromSeconds(7));
        Assert.That(windows.Count(Key), Is.EqualTo(TimeSpan.FromSeconds(3)));
        _clock.Advance(TimeSpan.FromSeconds(3) - TimeSpan.FromTicks(1));
        Assert.That(windows.Count(Key), Is.EqualTo(TimeSpan.FromTicks(1)));
    }

    [Test]
    public void A_sender_who_comes_back_when_told_gets_in_however_often_it_was_tried_before()
    {
        var windows = new RateWindows(_clock);
        for (var i = 0; i < 50; i++)
        {
            windows.Count(Key);
        }

        _clock.Advance(windows.Count(Key)!.Value);

        Assert.That((windows.Count(Key), windows.Count(Key), windows.Count(Key)),
            Is.EqualTo(((TimeSpan?)null, (TimeSpan?)null, (TimeSpan?)TimeSpan.FromSeconds(10))));
    }

    [Test]
    public void Many_callers_at_once_get_no_more_than_there_are_places()
    {
        var windows = new RateWindows(_clock);
        var key = Key with { Requests = 100 };

        var admitted = Enumerable.Range(0, 1_000).AsParallel().Count(_ => windows.Count(key) is null);

        Assert.That(admitted, Is.EqualTo(100));
    }

    [Test]
    public void Each_key_has_windows_of_its_own_also_when_thousands_have_ended()
    {
        var windows = new RateWindows(_clock);
        for (var i = 0; i < 5_000; i++)
        {
            Assert.That(windows.Count(Key with { TriggerId = i }), Is.Null);
            _clock.Advance(TimeSpan.FromSeconds(0.005));
        }

        Assert.That(windows.Count(Key with { TriggerId = 4_999 }), Is.Null);
        Assert.That(windows.Count(Key with { TriggerId = 4_999 }), Is.Not.Null);
        Assert.That(windows.Count(Key with { TriggerId = 0 }), Is.Null);
    }
}
