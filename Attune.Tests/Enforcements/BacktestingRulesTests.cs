using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Explaining;
using Attune.Modules.Events;
using Attune.Tests.Enforcements.Properties;
using CsCheck;

namespace Attune.Tests.Enforcements;

public sealed class BacktestingRulesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private const string Orders =
        """[{"field": "kind", "operator": "equals", "value": "order"}, {"field": "sum", "operator": "greater_than", "value": 10}]""";

    // The beginning of today: rows are written by the hour from there on back, so that it does not matter what time it is.
    private static readonly DateTimeOffset Midnight = new(DateTimeOffset.UtcNow.UtcDateTime.Date, TimeSpan.Zero);

    private IRuleBacktester Backtester => Get<IRuleBacktester>();

    [Test]
    public async Task A_backtest_of_an_unchanged_rule_equals_its_enforcements()
    {
        var trigger = await NewTriggerAsync();
        var pairs = Pairs.All.Array[30].Single();
        var rules = new List<Rule>();
        foreach (var pair in pairs)
        {
            rules.Add(await NewRuleAsync(trigger, pair.Json, join: pair.IsAny ? ConditionJoin.Any : ConditionJoin.All));
        }

        foreach (var pair in pairs)
        {
            await AppendAsync(trigger, pair.Payload?.Json);
        }

        await AppendAsync(trigger, target: new(rules[0].Id, rules[0].Ref));
        var matched = 0L;
        foreach (var rule in rules)
        {
            var report = await RunAsync(new() { Subject = new() { RuleRef = rule.Ref }, First = 100, Until = Later });
            var recorded = await QueryAsync<long>(
                "SELECT event FROM enforcement WHERE rule = @Id ORDER BY created, event", new { rule.Id });

            Assert.That(report.FirstMatches.Select(match => match.Event), Is.EqualTo(recorded), () => rule.Conditions.GetRawText());
            Assert.That((report.Matches, report.Recorded, report.Events), Is.EqualTo(((long)recorded.Count, (long?)recorded.Count, 31L)));
            Assert.That(
                (report.Difference!.Same, report.Difference.Added, report.Difference.Removed), Is.EqualTo(((long)recorded.Count, 0L, 0L)));
            matched += report.Matches;
        }

        Assert.That(matched, Is.InRange(1, (30 * 31) - 1));
    }

    [Test]
    public async Task Days_matches_and_near_misses_are_counted()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, Orders);
        await WriteAsync(trigger, -50, """{"kind": "order", "sum": 11}""");
        await WriteAsync(trigger, -49, """{"kind": "order", "sum": 9}""");
        await WriteAsync(trigger, -48, """{"kind": "refund", "sum": 11.5}""");
        await WriteAsync(trigger, -47, """{"kind": "refund", "sum": "11"}""");
        await WriteAsync(trigger, -2, """{"kind": "order", "sum": 1e3}""");
        await WriteAsync(trigger, -1, null);
        await WriteAsync(await NewTriggerAsync(), -1, """{"kind": "order", "sum": 1e3}""");

        var report = await RunAsync(new()
        {
            Subject = new() { RuleRef = rule.Ref }, Since = Midnight.AddDays(-3).AddHours(6), Until = Midnight, First = 1,
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.Events, report.Matches, report.NearMisses, report.Recorded), Is.EqualTo((6L, 2L, 2L, (long?)0)));
            Assert.That(report.Days.Select(day => (day.Day.DayNumber - Day(0), day.Events, day.Matches, day.NearMisses)), Is.EqualTo(new[]
            {
                (-3, 2L, 1L, 1L), (-2, 2L, 0L, 1L), (-1, 2L, 1L, 0L),
            }));
            Assert.That(report.FirstMatches.Select(match => match.Created), Is.EqualTo(new[] { Midnight.AddHours(-50) }));
            Assert.That(report.FirstNearMisses.Single().Condition.Field, Is.EqualTo("sum"));
            Assert.That(report.FirstNearMisses.Single().Index, Is.EqualTo(1));
            Assert.That(report.FirstNearMisses.Single().Condition.Actual!.Value.GetInt32(), Is.EqualTo(9));
        }
    }

    [Test]
    public async Task A_range_is_half_open_and_cut_within_a_day()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        foreach (var hour in new[] { -5, -4, -3 })
        {
            await WriteAsync(trigger, hour, "{}");
        }

        var report = await RunAsync(
            new() { Subject = new() { RuleRef = rule.Ref }, Since = Midnight.AddHours(-5), Until = Midnight.AddHours(-3) });

        Assert.That(report.FirstMatches.Select(match => match.Created), Is.EqualTo(new[] { Midnight.AddHours(-5), Midnight.AddHours(-4) }));
    }

    [Test]
    public async Task A_draft_is_compared_with_the_rule_as_it_is()
    {
        var trigger = await NewTriggerAsync();
        var other = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger, Orders);
        await WriteAsync(trigger, -30, """{"kind": "order", "sum": 11}""");
        var removed = await WriteAsync(trigger, -29, """{"kind": "order", "sum": 20}""");
        var added = await WriteAsync(trigger, -28, """{"kind": "refund", "sum": 12}""");
        var elsewhere = await WriteAsync(other, -27, """{"sum": 12}""");
        var subject = new RuleSubject
        {
            RuleRef = rule.Ref, Draft = new() { Conditions = Parsed("""[{"field": "sum", "operator": "less_than", "value": 15}]""") },
        };

        var report = await RunAsync(new() { Subject = subject, Since = Midnight.AddDays(-2), Until = Midnight });
        var moved = await RunAsync(new()
        {
            Subject = subject with { Draft = subject.Draft with { TriggerRef = other } }, Since = Midnight.AddDays(-2), Until = Midnight,
        });

        using (Assert.EnterMultipleScope())
        {
            Assert.That((report.IsDraft, report.RuleVersion, report.Matches), Is.EqualTo((true, (int?)null, 2L)));
            Assert.That((report.Difference!.CurrentVersion, report.Difference.Same, report.Difference.Added, report.Difference.Removed),
                Is.EqualTo((1, 1L, 1L, 1L)));
            Assert.That(report.Difference.FirstAdded.Select(one => one.Event), Is.EqualTo(new[] { added }));
            Assert.That(report.Difference.FirstRemoved.Select(one => one.Event), Is.EqualTo(new[] { removed }));
            Assert.That((moved.Events, moved.Matches, moved.Difference!.Same, moved.Difference.Removed), Is.EqualTo((1L, 1L, 0L, 2L)));
            Assert.That(moved.Difference.FirstAdded.Select(one => one.Event), Is.EqualTo(new[] { elsewhere }));
        }
    }

    [Test]
    public async Task An_earlier_version_and_a_disabled_and_a_deleted_rule_can_be_tried()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        await WriteAsync(trigger, -5, "{}");
        await Rules.UpdateAsync(rule.Ref, new() { Conditions = Parsed(Orders), Enabled = false }, Cancellation);
        var range = new BacktestRequest { Subject = new() { RuleRef = rule.Ref }, Since = Midnight.AddDays(-1), Until = Midnight };

        var now = await RunAsync(range);
        var before = await RunAsync(range with { Subject = new() { RuleRef = rule.Ref, Version = 1 } });
        await Rules.DeleteAsync(rule.Ref, Cancellation);
        var deleted = await RunAsync(range with { Subject = new() { RuleRef = rule.Ref, Version = 1 } });

        Assert.That((now.RuleVersion, now.Matches, now.Difference!.CurrentVersion), Is.EqualTo(((int?)2, 0L, 2)));
        Assert.That((before.RuleVersion, before.Matches, before.Difference!.Added), Is.EqualTo(((int?)1, 1L, 1L)));
        Assert.That((deleted.Matches, deleted.Difference), Is.EqualTo((1L, (BacktestDifference?)null)));
    }

    [Test]
    public async Task Nothing_is_written()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        await WriteAsync(trigger, -5, "{}");
        const string state = """
            SELECT concat_ws(',', (SELECT count(*) FROM event), (SELECT count(*) FROM enforcement), (SELECT count(*) FROM execution),
                             (SELECT count(*) FROM rule_version), (SELECT epoch FROM rule_epoch))
            """;
        var before = await ScalarAsync<string>(state);

        var report = await RunAsync(
            new() { Subject = new() { RuleRef = rule.Ref, Draft = new() }, Since = Midnight.AddDays(-1), Until = Midnight });

        Assert.That(report.Matches, Is.EqualTo(1));
        Assert.That(await ScalarAsync<string>(state), Is.EqualTo(before));
    }

    [Test]
    public async Task A_backtest_can_be_left_and_cancelled_any_number_of_times()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        await WriteAsync(trigger, -5, "{}");
        var request = new BacktestRequest { Subject = new() { RuleRef = rule.Ref }, Since = Midnight.AddDays(-90), Until = Midnight };
        for (var time = 0; time < 5; time++)
        {
            await using (var left = Backtester.RunAsync(request, Cancellation).GetAsyncEnumerator(Cancellation))
            {
                await left.MoveNextAsync();
                await left.MoveNextAsync();
            }

            using var stop = new CancellationTokenSource();
            await using var cancelled = Backtester.RunAsync(request, stop.Token).GetAsyncEnumerator(stop.Token);
            await cancelled.MoveNextAsync();
            await stop.CancelAsync();
            Assert.That(async () => await cancelled.MoveNextAsync(), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That((await RunAsync(request)).Matches, Is.EqualTo(1));
    }

    [Test]
    public async Task Readers_of_backtests_who_read_no_further_hold_nobody_up()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        await WriteAsync(trigger, -5, "{}");
        var backtester = new RuleBacktester(Get<IEventScanner>(), Get<AskedRules>(), Database, new HurryingClock());
        var request = new BacktestRequest { Subject = new() { RuleRef = rule.Ref }, Since = Midnight.AddDays(-3), Until = Midnight };
        await using var first = backtester.RunAsync(request, Cancellation).GetAsyncEnumerator(Cancellation);
        await using var second = backtester.RunAsync(request, Cancellation).GetAsyncEnumerator(Cancellation);
        foreach (var slow in (IAsyncEnumerator<BacktestProgress>[])[first, first, second, second])
        {
            await slow.MoveNextAsync();
            Assert.That(slow.Current.Report, Is.Null);
        }

        BacktestReport? report = null;
        await foreach (var step in backtester.RunAsync(request, Cancellation))
        {
            report = step.Report;
        }

        Assert.That(report!.Matches, Is.EqualTo(1));
    }

    [Test]
    public async Task Progress_grows_up_to_the_whole_and_the_last_alone_reports()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        var steps = new List<BacktestProgress>();

        await foreach (var step in Backtester.RunAsync(new() { Subject = new() { RuleRef = rule.Ref } }, Cancellation))
        {
            steps.Add(step);
        }

        Assert.That(steps, Has.Count.GreaterThanOrEqualTo(2));
        Assert.That(steps.Select(step => step.Share), Is.Ordered);
        Assert.That((steps[0].Share, steps[^1].Share), Is.EqualTo((0, 1)));
        Assert.That(steps.Select(step => step.Report is null), Is.EqualTo(steps.Select((_, index) => index < steps.Count - 1)));
        Assert.That(steps[^1].Report!.Until - steps[^1].Report!.Since, Is.EqualTo(TimeSpan.FromDays(BacktestRequest.UsualDays)));
    }

    [Test]
    public async Task A_backtest_that_cannot_be_made_is_refused_by_the_name_of_its_fault()
    {
        var rule = await NewRuleAsync(await NewTriggerAsync());
        var sound = new BacktestRequest { Subject = new() { RuleRef = rule.Ref } };

        using (Assert.EnterMultipleScope())
        {
            Assert.That(await FieldAsync(sound with { Subject = new() { RuleRef = "no.such" } }), Is.EqualTo("rule"));
            Assert.That(await FieldAsync(sound with { Subject = new() { RuleRef = rule.Ref, Version = 9 } }), Is.EqualTo("version"));
            Assert.That(await FieldAsync(sound with { Subject = new() { Draft = new() } }), Is.EqualTo("trigger_ref"));
            Assert.That(
                await FieldAsync(sound with { Subject = new() { RuleRef = rule.Ref, Draft = new() { Conditions = Parsed("5") } } }),
                Is.EqualTo("conditions"));
            Assert.That(await FieldAsync(sound with { Since = Midnight, Until = Midnight }), Is.EqualTo("since"));
            Assert.That(await FieldAsync(sound with { Since = Midnight.AddDays(-92), Until = Midnight }), Is.EqualTo("since"));
            Assert.That(
                await FieldAsync(sound with { Since = DateTimeOffset.MinValue, Until = DateTimeOffset.MaxValue }), Is.EqualTo("since"));
            Assert.That(await FieldAsync(sound with { First = 101 }), Is.EqualTo("first"));
        }
    }

    private static DateTimeOffset Later => DateTimeOffset.UtcNow.AddMinutes(1);

    private static int Day(int days) => DateOnly.FromDateTime(Midnight.UtcDateTime).DayNumber + days;

    private async Task<BacktestReport> RunAsync(BacktestRequest request)
    {
        BacktestReport? report = null;
        await foreach (var progress in Backtester.RunAsync(request, Cancellation))
        {
            report = progress.Report;
        }

        return report!;
    }

    private async Task<string?> FieldAsync(BacktestRequest request) => (await RefusedAsync(() => RunAsync(request))).Field;

    private Task<long> WriteAsync(string trigger, int hours, string? payload) => ScalarAsync<long>(
        "INSERT INTO event (trigger_ref, payload, created) VALUES (@trigger, @payload::jsonb, @Created) RETURNING id",
        new { trigger, payload, Created = Midnight.AddHours(hours) });

    // A second goes by whenever it is asked, so that each part is told.
    private sealed class HurryingClock : TimeProvider
    {
        private long _at;

        public override long GetTimestamp() => Interlocked.Add(ref _at, TimestampFrequency);
    }
}
