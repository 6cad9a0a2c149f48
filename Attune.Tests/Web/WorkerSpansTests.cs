using Attune.Modules.History;
using Attune.Tests.Web.Fakes;
using Attune.Web.Pages.Workers;

namespace Attune.Tests.Web;

public sealed class WorkerSpansTests
{
    private static readonly DateTimeOffset Since = new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);

    [Test]
    public void A_worker_of_which_nothing_was_recorded_had_its_status_all_the_while()
    {
        var spans = WorkerSpans.Of([], "active", Since.AddDays(-9), Since, At(24));

        Assert.That(spans, Is.EqualTo((WorkerSpan[])[new("active", Since, At(24))]));
        Assert.That(WorkerSpans.Online(spans), Is.EqualTo(1));
    }

    [Test]
    public void Spans_lie_between_changes_and_begin_with_what_was_before_the_first()
    {
        var spans = WorkerSpans.Of(
            [Change(12, "inactive", "active"), Change(6, "active", "inactive")], "active", Since.AddDays(-9), Since, At(24));

        Assert.That(spans, Is.EqualTo((WorkerSpan[])
        [
            new("active", Since, At(6)), new("inactive", At(6), At(12)), new("active", At(12), At(24)),
        ]));
        Assert.That(WorkerSpans.Online(spans), Is.EqualTo(0.75));
    }

    [Test]
    public void A_worker_begins_when_it_was_first_registered()
    {
        var registered = new HistoryEntry
        {
            Time = At(10), Sequence = 1, Operation = "INSERT", EntityId = 1, ChangedFields = [],
            NewValues = FakeAttune.Json("""{"status": "active"}"""),
        };

        Assert.That(
            WorkerSpans.Of([registered], "active", At(10), Since, At(24)),
            Is.EqualTo((WorkerSpan[])[new("active", At(10), At(24))]));
    }

    [Test]
    public void Changes_of_something_else_and_of_one_instant_leave_no_span_of_their_own()
    {
        var other = Change(3, "active", "active") with { ChangedFields = ["host"] };

        Assert.That(
            WorkerSpans.Of(
                [other, Change(6, "active", "busy"), Change(6, "busy", "active") with { Sequence = 99 }], "active", Since, Since, At(24)),
            Is.EqualTo((WorkerSpan[])[new("active", Since, At(24))]));
    }

    private static DateTimeOffset At(int hour) => Since.AddHours(hour);

    private static HistoryEntry Change(int hour, string before, string after) => new()
    {
        Time = At(hour), Sequence = hour, Operation = "UPDATE", EntityId = 1, ChangedFields = ["status"],
        OldValues = FakeAttune.Json($$"""{"status": "{{before}}"}"""), NewValues = FakeAttune.Json($$"""{"status": "{{after}}"}"""),
    };
}
