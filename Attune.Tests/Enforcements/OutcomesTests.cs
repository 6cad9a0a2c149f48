using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Outcomes;

namespace Attune.Tests.Enforcements;

public sealed class OutcomesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private static readonly EventResult?[] Results = [null, .. Enum.GetValues<EventResult>().Select(result => (EventResult?)result)];

    private readonly List<(long Id, string[] Matched, bool Pending, bool Failed)> _events = [];
    private string _trigger = "";
    private Rule _small = null!;
    private Rule _large = null!;

    private IEventOutcomes Outcomes => Get<IEventOutcomes>();

    [OneTimeSetUp]
    public async Task WriteAsync()
    {
        _trigger = await NewTriggerAsync();
        _small = await NewRuleAsync(_trigger, """[{"field": "n", "operator": "greater_than", "value": 2}]""");
        _large = await NewRuleAsync(_trigger, """[{"field": "n", "operator": "greater_than", "value": 5}]""");
        await Rules.CreateAsync(
            new() { Ref = NewName("shadow"), Label = "Shadow", TriggerRef = _trigger, ActionRef = "core.noop", State = RuleState.Shadow,
                Conditions = Parsed("""[{"field": "n", "operator": "equals", "value": 9}]"""), },
            Cancellation);

        // Events 1 to 7 are resolved; the execution of 4 goes on, and of 6 one fails. 8 and 9 stay pending. Nothing matches 1 and 2.
        for (var number = 1; number <= 9; number++)
        {
            var written = await AppendAsync(_trigger, $$"""{"n": {{number}}}""");
            _events.Add((written.Id, [.. number > 2 ? [_small.Ref] : Array.Empty<string>(), .. number > 5 ? [_large.Ref] : Array.Empty<string>()],
                number is 4 or > 7, number == 6));
            if (number == 7)
            {
                await ResolveAllAsync();
            }
        }

        await ExecuteAsync($$"""
            UPDATE execution
               SET status = CASE WHEN enforcement IN (SELECT id FROM enforcement WHERE event = {{_events[3].Id}}) THEN 'running' ELSE 'completed'
                            END::execution_status_enum
             WHERE trigger_ref = '{{_trigger}}';

            UPDATE execution
               SET status = 'failed', result = jsonb_build_object('error', E'\n  No route to host\nat line 7' || repeat('x', 5000))
             WHERE rule_ref = '{{_large.Ref}}'
               AND enforcement IN (SELECT id FROM enforcement WHERE event = {{_events[5].Id}})
            """);
    }

    [Test]
    public async Task Each_event_has_the_rules_that_matched_it_with_what_became_of_them()
    {
        var page = await Outcomes.ListAsync(new() { Events = new() { TriggerRef = _trigger } }, new(), Cancellation);

        Assert.That(page.Items.Select(one => one.Event.Id), Is.EqualTo(_events.Select(one => one.Id).Reverse()));
        foreach (var (id, matched, _, _) in _events)
        {
            var rules = page.Items.Single(one => one.Event.Id == id).Rules;
            Assert.That(rules.Where(rule => !rule.Shadow).Select(rule => rule.RuleRef), Is.EquivalentTo(matched));
        }

        var failed = page.Items.Single(one => one.Event.Id == _events[5].Id).Rules.Single(rule => rule.RuleRef == _large.Ref);
        Assert.That((failed.Status, failed.ExecutionStatus), Is.EqualTo((EnforcementStatus.Processed, (ExecutionStatus?)ExecutionStatus.Failed)));
        Assert.That(failed.Error, Is.EqualTo("No route to host"));
        var shadow = page.Items[0].Rules.Single(rule => rule.Shadow);
        Assert.That((shadow.Status, shadow.Execution), Is.EqualTo((EnforcementStatus.Disabled, (long?)null)));
        var pending = page.Items[1].Rules[0];
        Assert.That((pending.Status, pending.Execution), Is.EqualTo((EnforcementStatus.Created, (long?)null)));
    }

    [Test]
    public async Task Events_are_found_by_what_became_of_them([Values(1, 3, 50)] int size)
    {
        foreach (var result in Results)
        {
            foreach (var rule in (string?[])[null, _small.Ref, _large.Ref, "no.such", "no\0ne"])
            {
                var expected = _events.Where(one => Holds(one, rule, result)).Select(one => one.Id).Reverse();

                Assert.That(await AllAsync(rule, result, size), Is.EqualTo(expected), $"{rule} {result}");
            }
        }
    }

    [Test]
    public async Task A_list_by_outcome_is_counted_when_that_is_asked_for()
    {
        var page = await Outcomes.ListAsync(
            new() { RuleRef = _small.Ref, Events = new() { TriggerRef = _trigger } }, new() { Size = 1, IncludeTotal = true }, Cancellation);

        Assert.That(page.Total, Is.EqualTo(Total.Of(7)));
    }

    [Test]
    public async Task Enforcements_have_the_outcome_of_their_newest_execution()
    {
        var rows = (await Enforcements.ListAsync(new() { RuleRef = _large.Ref }, new(), Cancellation)).Items;
        var first = rows.Single(row => row.Event == _events[6].Id);
        await ExecuteAsync($"""
            INSERT INTO execution (action_ref, status, rule_ref, enforcement, created, result)
            SELECT action_ref, 'timeout', rule_ref, enforcement, created + INTERVAL '1 hour', jsonb_build_object('error', 'Too slow')
              FROM execution
             WHERE enforcement = {first.Id}
            """);

        var outcomes = await Outcomes.OfEnforcementsAsync(rows, Cancellation);

        Assert.That(outcomes.Select(outcome => outcome.Enforcement), Is.EqualTo(rows.Select(row => row.Id)));
        Assert.That(outcomes.Single(outcome => outcome.Enforcement == first.Id).Error, Is.EqualTo("Too slow"));
        await ExecuteAsync($"DELETE FROM execution WHERE enforcement = {first.Id} AND status = 'timeout'");
    }

    [Test]
    public async Task Executions_are_listed_with_the_first_line_of_what_went_wrong()
    {
        var executions = (await Executions.ListAsync(new() { RuleRef = _large.Ref }, new(), Cancellation)).Items;

        Assert.That(executions.Where(one => one.Status == ExecutionStatus.Failed).Select(one => one.Error), Is.EqualTo((string[])["No route to host"]));
        Assert.That(executions.Where(one => one.Status != ExecutionStatus.Failed).Select(one => one.Error), Is.All.Null);
    }

    [Test]
    public async Task Lists_by_outcome_walk_indexes_in_their_order()
    {
        await using var source = DataSources.Create(
            ConnectionString + ";Options=-c enable_sort=off -c enable_seqscan=off -c enable_bitmapscan=off");
        var range = new TimeRange(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        foreach (var result in Results)
        {
            var plan = await Plan.OfAsync(
                source, OutcomeQueries.List(new() { RuleRef = _small.Ref, Result = result }, new(), range, 51), analyze: false, Cancellation);

            // The few that are pending are found by what is not over, and then put into order; within them the few executions of each are.
            Assert.That(plan.NodeTypes, Has.None.EqualTo("Seq Scan"), plan.Text);
            Assert.That(plan.NodeTypes.Take(4), result is EventResult.Pending ? Has.Member("Sort") : Has.None.EqualTo("Sort"), plan.Text);
            Assert.That(plan.Indexes, Is.Not.Empty, plan.Text);
        }
    }

    private static bool Holds((long Id, string[] Matched, bool Pending, bool Failed) one, string? rule, EventResult? result) => result switch
    {
        EventResult.Unmatched => rule is null ? one.Matched.Length == 0 : rule != "no\0ne" && !one.Matched.Contains(rule),
        EventResult.Pending => one.Pending && Matches(one, rule),
        EventResult.Failed => one.Failed && (rule is null || one.Matched[^1] == rule),
        _ => result is null && rule is null || Matches(one, rule),
    };

    private static bool Matches((long Id, string[] Matched, bool Pending, bool Failed) one, string? rule) =>
        rule is null ? one.Matched.Length > 0 : one.Matched.Contains(rule);

    private async Task<IReadOnlyList<long>> AllAsync(string? rule, EventResult? result, int size)
    {
        var found = new List<long>();
        var page = new PageRequest { Size = size };
        while (true)
        {
            var read = await Outcomes.ListAsync(
                new() { RuleRef = rule, Result = result, Events = new() { TriggerRef = _trigger } }, page, Cancellation);
            found.AddRange(read.Items.Select(one => one.Event.Id));
            if (read.Next is null)
            {
                // The page above the last of them has those above it.
                var last = read.Items is [.., var lowest] ? new Cursor(lowest.Event.Created, lowest.Event.Id) : default;
                var above = await Outcomes.ListAsync(
                    new() { RuleRef = rule, Result = result, Events = new() { TriggerRef = _trigger } },
                    new() { Size = size, Before = last }, Cancellation);
                Assert.That(above.Items.Select(one => one.Event.Id), Is.EqualTo(found.SkipLast(1).TakeLast(size)));
                return found;
            }

            page = page with { After = read.Next };
        }
    }
}
