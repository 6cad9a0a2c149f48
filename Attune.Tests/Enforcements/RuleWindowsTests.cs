using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Matching;
using Attune.Modules.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Enforcements;

/// <summary>Windows: at most so many matches in a time, or from the so-manieth on.</summary>
public sealed class RuleWindowsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task At_most_lets_so_many_pass_for_each_value_and_counts_what_it_held_back()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewWindowAsync(trigger, """{"at_most": 2, "in": "5m", "per": ["host"]}""");

        var passed = new List<string>();
        foreach (var host in (string[])["a", "a", "b", "a", "a", "b", "b"])
        {
            passed.AddRange((await AppendAsync(trigger, $$"""{"host": "{{host}}"}""")).Matched.Select(_ => host));
        }

        Assert.That(passed, Is.EqualTo((string[])["a", "a", "b", "b"]));
        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.HeldBack, Is.EqualTo(3));
    }

    [Test]
    public async Task At_least_lets_the_last_of_so_many_pass_and_those_after_it()
    {
        var trigger = await NewTriggerAsync();
        await NewWindowAsync(trigger, """{"at_least": 3, "in": "PT10M"}""");

        var matched = new List<int>();
        for (var turn = 0; turn < 5; turn++)
        {
            matched.Add((await AppendAsync(trigger)).Matched.Count);
        }

        Assert.That(matched, Is.EqualTo((int[])[0, 0, 1, 1, 1]));
    }

    [TestCase("""{"at_most": 1, "in": "10m"}""", new[] { 1, 0, 1 })]
    [TestCase("""{"at_least": 2, "in": "10m"}""", new[] { 0, 1, 0 })]
    public async Task Matches_count_as_long_as_the_window_lasts(string window, int[] expected)
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewWindowAsync(trigger, window);

        var first = (await AppendAsync(trigger)).Matched.Count;
        var second = (await AppendAsync(trigger)).Matched.Count;
        await ExecuteAsync(
            "UPDATE rule_window SET times = ARRAY(SELECT time - INTERVAL '11 minutes' FROM unnest(times) AS time) WHERE rule = @Id", rule);
        var third = (await AppendAsync(trigger)).Matched.Count;

        Assert.That((int[])[first, second, third], Is.EqualTo(expected));
    }

    [Test]
    public async Task Events_of_one_list_are_counted_in_their_order()
    {
        var trigger = await NewTriggerAsync();
        await NewWindowAsync(trigger, """{"at_most": 3, "in": "5m", "per": ["event.payload.host"]}""");

        var written = await Ledger.AppendAsync(
            [.. Enumerable.Range(0, 20).Select(i => new NewEvent { TriggerRef = trigger, Payload = Parsed($$"""{"host": {{i % 2}}}""") })],
            Cancellation);

        Assert.That(
            written.Select((one, i) => (i, one.Matched.Count)).Where(one => one.Count > 0).Select(one => one.i),
            Is.EqualTo((int[])[0, 1, 2, 3, 4, 5]));
    }

    [Test]
    public async Task Two_hosts_together_let_exactly_so_many_pass()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewWindowAsync(trigger, """{"at_most": 7, "in": "10m", "per": ["host"]}""");
        await using var second = NewServices();
        IEventLedger[] ledgers = [Ledger, second.GetRequiredService<IEventLedger>()];

        var written = await Task.WhenAll(Enumerable.Range(0, 400).Select(i => ledgers[i % 2].AppendAsync(
            new NewEvent { TriggerRef = trigger, Payload = Parsed($$"""{"host": "{{i % 5}}"}""") }, Cancellation)));

        Assert.That(written.Sum(one => one.Matched.Count), Is.EqualTo(7 * 5));
        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.HeldBack, Is.EqualTo(400 - (7 * 5)));
    }

    [Test]
    public async Task A_window_that_is_changed_counts_anew_and_one_that_is_taken_away_counts_nothing()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewWindowAsync(trigger, """{"at_most": 1, "in": "5m"}""");
        await AppendAsync(trigger);

        var changed = await Rules.UpdateAsync(rule.Ref, new() { Window = Parsed("""{"at_most": 1, "in": "6m"}""") }, Cancellation);
        var first = await AppendAsync(trigger);
        var second = await AppendAsync(trigger);
        var gone = await Rules.UpdateAsync(rule.Ref, new() { Window = Parsed("null") }, Cancellation);
        var third = await AppendAsync(trigger);

        Assert.That((changed!.Version, gone!.Version, gone.Window), Is.EqualTo((2, 3, (System.Text.Json.JsonElement?)null)));
        Assert.That((int[])[first.Matched.Count, second.Matched.Count, third.Matched.Count], Is.EqualTo((int[])[1, 0, 1]));
        var version = (await Rules.FindVersionAsync(rule.Id, 2, Cancellation))!;
        Assert.That(version.Window!.Value.GetProperty("in").GetString(), Is.EqualTo("6m"));
    }

    [Test]
    public async Task A_shadow_has_its_window_decided_in_the_same_way()
    {
        var trigger = await NewTriggerAsync();
        await NewWindowAsync(trigger, """{"at_most": 1, "in": "5m"}""", RuleState.Shadow);

        Assert.That((await AppendAsync(trigger)).Matched.Single().Shadow, Is.True);
        Assert.That((await AppendAsync(trigger)).Matched, Is.Empty);
    }

    [Test]
    public async Task What_windows_held_back_is_known_after_their_rows_have_been_removed()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewWindowAsync(trigger, """{"at_most": 1, "in": "5m"}""");
        await AppendAsync(trigger);
        await AppendAsync(trigger);

        await Get<RuleWindows>().PruneAsync(Cancellation);
        Assert.That((await AppendAsync(trigger)).Matched, Is.Empty, "it still counts");
        await ExecuteAsync("UPDATE rule_window SET ends = ends - INTERVAL '2 hours' WHERE rule = @Id", new { rule.Id });
        await Get<RuleWindows>().PruneAsync(Cancellation);

        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM rule_window WHERE rule = @Id", new { rule.Id }), Is.Zero);
        Assert.That((await Rules.FindAsync(rule.Ref, Cancellation))!.HeldBack, Is.EqualTo(2));
    }

    [TestCase("""[]""", "window")]
    [TestCase("""{"in": "5m"}""", "window")]
    [TestCase("""{"at_most": 0, "in": "5m"}""", "window.at_most")]
    [TestCase("""{"at_most": 1}""", "window.in")]
    [TestCase("""{"at_most": 1, "in": "soon"}""", "window.in")]
    [TestCase("""{"at_most": 1, "in": "5m", "per": "host"}""", "window.per")]
    [TestCase("""{"at_most": 1, "in": "5m", "every": 3}""", "window.every")]
    public async Task A_window_that_is_none_is_refused_by_its_place(string window, string field)
    {
        var trigger = await NewTriggerAsync();

        var refused = await RefusedAsync(() => NewWindowAsync(trigger, window));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, field)));
    }

    private Task<Rule> NewWindowAsync(string trigger, string window, RuleState state = RuleState.Enabled) => Rules.CreateAsync(new()
    {
        Ref = NewName("rule"),
        Label = "Rule",
        TriggerRef = trigger,
        ActionRef = "core.noop",
        Window = Parsed(window),
        State = state,
    }, Cancellation);
}
