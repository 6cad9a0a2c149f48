using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Events;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Enforcements;

/// <summary>core.emit_event: rules that build on rules.</summary>
public sealed class EmittingEventsTests(DatabaseEngine engine) : RunningWorkerTest(engine)
{
    protected override IServiceCollection Configure(IServiceCollection services) =>
        base.Configure(services).Configure<EmitEventOptions>(options => options.MaxDepth = 3);

    [Test]
    public async Task A_rule_emits_an_event_that_another_rule_matches_and_the_event_says_where_it_came_from()
    {
        var (first, second) = (await NewTriggerAsync(), await NewTriggerAsync());
        var emitting = await NewRuleAsync(first, action: "core.emit_event", parameters: $$$"""
            {"trigger_ref": "{{{second}}}", "payload": {"n": "{{ event.payload.n }}"} }
            """);
        var echoing = await NewRuleAsync(
            second, """[{"field": "n", "operator": "equals", "value": 7}]""", """{"got": "{{ event.payload.n }}"}""", "core.echo");
        await using var host = await StartAsync();

        var appended = await AppendAsync(first, """{"n": 7}""");

        var emitted = await EventOfAsync(second);
        var data = await DataOfAsync(emitting);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(emitted.SourceRef, Is.EqualTo("core.emit_event"));
            Assert.That(emitted.Payload!.Value.GetProperty("n").GetInt32(), Is.EqualTo(7));
            Assert.That(emitted.Config!.Value.GetProperty("rule").GetString(), Is.EqualTo(emitting.Ref));
            Assert.That(emitted.Config.Value.GetProperty("enforcement").GetInt64(), Is.EqualTo(appended.Matched.Single().Enforcement));
            Assert.That(emitted.Config.Value.GetProperty("execution").GetInt64(), Is.Positive);
            Assert.That(emitted.Config.Value.GetProperty("depth").GetInt32(), Is.EqualTo(1));
            Assert.That(data.GetProperty("event").GetInt64(), Is.EqualTo(emitted.Id));
            Assert.That(data.GetProperty("rules")[0].GetString(), Is.EqualTo(echoing.Ref));
            Assert.That(data.GetProperty("duplicate").GetBoolean(), Is.False);
            Assert.That((await DataOfAsync(echoing)).GetProperty("got").GetInt32(), Is.EqualTo(7));
        }
    }

    [Test]
    public async Task Rules_that_call_each_other_in_a_circle_come_to_an_end_and_say_so()
    {
        var (first, second) = (await NewTriggerAsync(), await NewTriggerAsync());
        var there = await NewRuleAsync(first, action: "core.emit_event", parameters: $$"""{"trigger_ref": "{{second}}"}""");
        var back = await NewRuleAsync(second, action: "core.emit_event", parameters: $$"""{"trigger_ref": "{{first}}"}""");
        await using var host = await StartAsync();

        await AppendAsync(first);

        Execution? failed = null;
        await Eventually.HoldsAsync(async () => (failed = await FailedAsync(back) ?? await FailedAsync(there)) is not null, "it ends");
        var events = await ScalarAsync<long>(
            "SELECT count(*) FROM event WHERE trigger_ref = ANY(@both)", new { both = new[] { first, second } });
        Assert.That(events, Is.EqualTo(4), "the first, and three in a row");
        Assert.That(failed!.Result!.Value.GetProperty("error").GetString(), Does.StartWith(
            "3 events in a row were emitted by actions that the one before led to, and Actions:EmitEvent:MaxDepth allows no more"));
        Assert.That(
            (await Executions.ListAsync(new() { OriginalExecution = failed.Id }, new(), Cancellation)).Items, Is.Empty, "it would fail again");
    }

    [Test]
    public async Task An_execution_that_is_run_again_writes_no_second_event()
    {
        var trigger = await NewTriggerAsync();
        await using var host = await StartAsync();
        var execution = await RequestAsync("core.emit_event", $$"""{"trigger_ref": "{{trigger}}", "payload": [1]}""");
        var first = (await DoneAsync(execution)).Result!.Value.GetProperty("data");

        // As if its worker had been killed between the append and the result.
        await ExecuteAsync(
            "UPDATE execution SET status = 'requested', worker = NULL, started_at = NULL, result = NULL WHERE id = @Id", new { execution.Id });
        Execution? again = null;
        await Eventually.HoldsAsync(
            async () => (again = await Executions.FindAsync(execution.Id, Cancellation))!.Status == ExecutionStatus.Completed, "it is run again");

        var second = again!.Result!.Value.GetProperty("data");
        Assert.That(second.GetProperty("event").GetInt64(), Is.EqualTo(first.GetProperty("event").GetInt64()));
        Assert.That((first.GetProperty("duplicate").GetBoolean(), second.GetProperty("duplicate").GetBoolean()), Is.EqualTo((false, true)));
        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM event WHERE trigger_ref = @trigger", new { trigger }), Is.EqualTo(1));
    }

    [Test]
    public async Task Executions_with_the_same_key_write_one_event_and_those_without_write_one_each()
    {
        var trigger = await NewTriggerAsync();
        await using var host = await StartAsync();
        foreach (var key in new[] { "\"k\"", "\"k\"", "null", "null", "\"1\"" })
        {
            await DoneAsync(await RequestAsync("core.emit_event", $$"""{"trigger_ref": "{{trigger}}", "key": {{key}} }"""));
        }

        Assert.That(await ScalarAsync<long>("SELECT count(*) FROM event WHERE trigger_ref = @trigger", new { trigger }), Is.EqualTo(4));
    }

    [Test]
    public async Task An_event_of_a_trigger_that_is_not_there_fails_by_its_name_and_is_not_attempted_again()
    {
        await ExecuteAsync("UPDATE action SET max_retries = 3 WHERE ref = 'core.emit_event'");
        await using var host = await StartAsync();

        var failed = await DoneAsync(await RequestAsync("core.emit_event", """{"trigger_ref": "no.such"}"""));

        Assert.That(failed.Status, Is.EqualTo(ExecutionStatus.Failed));
        Assert.That(failed.Result!.Value.GetProperty("error").GetString(), Does.Contain("no.such"));
        Assert.That((await Executions.ListAsync(new() { OriginalExecution = failed.Id }, new(), Cancellation)).Items, Is.Empty);
        await ExecuteAsync("UPDATE action SET max_retries = 0 WHERE ref = 'core.emit_event'");
    }

    [TestCase("""{"trigger_ref": "a.b", "playload": 1}""", "action_params.playload")]
    [TestCase("""{"payload": 1}""", "action_params.trigger_ref")]
    [TestCase("""{"trigger_ref": 5}""", "action_params.trigger_ref")]
    public async Task A_rule_that_emits_with_a_mistake_is_refused_when_it_is_saved(string parameters, string field)
    {
        var trigger = await NewTriggerAsync();

        var refused = await RefusedAsync(() => NewRuleAsync(trigger, action: "core.emit_event", parameters: parameters));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, field)));
    }

    private async Task<Event> EventOfAsync(string trigger)
    {
        IReadOnlyList<EventSummary> found = [];
        await Eventually.HoldsAsync(
            async () => (found = (await Get<IEventRepository>().ListAsync(new() { TriggerRef = trigger }, new(), Cancellation)).Items).Count > 0,
            "an event was emitted");
        return (await Get<IEventRepository>().FindAsync(found[0].Id, Cancellation))!;
    }

    private async Task<JsonElement> DataOfAsync(Rule rule)
    {
        IReadOnlyList<ExecutionSummary> found = [];
        await Eventually.HoldsAsync(
            async () => (found = (await Executions.ListAsync(new() { RuleRef = rule.Ref }, new(), Cancellation)).Items)
                is [{ Status: ExecutionStatus.Completed }],
            "the rule's execution is completed");
        return (await Executions.FindAsync(found[0].Id, Cancellation))!.Result!.Value.GetProperty("data");
    }

    private async Task<Execution?> FailedAsync(Rule rule) =>
        (await Executions.ListAsync(new() { RuleRef = rule.Ref }, new(), Cancellation)).Items
            .FirstOrDefault(one => one.Status == ExecutionStatus.Failed) is { } found
            ? await Executions.FindAsync(found.Id, Cancellation)
            : null;
}
