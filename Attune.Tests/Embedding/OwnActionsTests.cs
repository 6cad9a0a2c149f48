using System.Collections.Concurrent;
using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.History;
using Attune.Tests.Enforcements;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Attune.Tests.Embedding;

/// <summary>Actions written in C#: in the catalogue, in a scope of their own, told why they are to end.</summary>
public sealed class OwnActionsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task An_action_is_in_the_catalogue_with_its_label_description_and_schema()
    {
        await using var host = await StartAsync(
            services => services.AddAction<Greeting>("own.greet", action => action.Timeout = TimeSpan.FromMinutes(1)));

        var action = (await Get<IActionRepository>().FindAsync("own.greet", Cancellation))!;

        using (Assert.EnterMultipleScope())
        {
            Assert.That((action.PackRef, action.Label, action.Description), Is.EqualTo(("own", "Greet somebody", "Says hello.")));
            Assert.That((action.TimeoutSeconds, action.MaxRetries, action.IsAdhoc), Is.EqualTo(((int?)60, 0, false)));
            Assert.That(action.ParamSchema!.Value.GetProperty("name").GetProperty("required").GetBoolean(), Is.True);
            Assert.That(action.OutSchema!.Value.GetProperty("text").GetProperty("type").GetString(), Is.EqualTo("string"));
        }
    }

    [Test]
    public async Task A_start_changes_nothing_that_the_code_does_not_say_and_nothing_at_all_when_it_says_the_same()
    {
        await (await StartAsync(services => services.AddAction<Greeting>("own.kept"))).DisposeAsync();
        await Get<IActionRepository>().UpdateAsync("own.kept", new() { MaxRetries = 7, TimeoutSeconds = 9, Label = "Mine" }, Cancellation);
        var before = (await Get<IActionRepository>().FindAsync("own.kept", Cancellation))!;

        await (await StartAsync(services => services.AddAction<Silent>("own.kept"))).DisposeAsync();
        var other = (await Get<IActionRepository>().FindAsync("own.kept", Cancellation))!;
        await (await StartAsync(services => services.AddAction<Silent>("own.kept"))).DisposeAsync();
        var after = (await Get<IActionRepository>().FindAsync("own.kept", Cancellation))!;

        Assert.That((other.Id, other.MaxRetries, other.TimeoutSeconds, other.Label), Is.EqualTo((before.Id, 7, (int?)9, "Mine")));
        Assert.That(other.ParamSchema, Is.Null, "that the code says: it takes anything");
        Assert.That(after.Updated, Is.EqualTo(other.Updated));
    }

    [Test]
    public async Task An_action_that_people_made_becomes_that_of_the_program_and_stays_when_the_program_has_it_no_more()
    {
        await Get<IActionRepository>().CreateAsync(new() { Ref = "own.adopted", Label = "Adopted", MaxRetries = 2 }, Cancellation);

        await (await StartAsync(services => services.AddAction<Silent>("own.adopted"))).DisposeAsync();
        await (await StartAsync(_ => { })).DisposeAsync();

        var action = (await Get<IActionRepository>().FindAsync("own.adopted", Cancellation))!;
        Assert.That((action.IsAdhoc, action.Label, action.MaxRetries), Is.EqualTo((false, "Adopted", 2)));
    }

    [Test]
    public async Task A_rule_runs_an_action_with_typed_parameters_and_its_answer_is_the_result()
    {
        await using var host = await StartAsync(services => services.AddAction<Greeting>("own.greet"));
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(
            trigger, action: "own.greet", parameters: """{"name": "{{ event.payload.kind }}", "times": "{{ event.payload.missing }}"}""");
        var pending = (await Enforcements.FindAsync((await AppendAsync(trigger)).Matched.Single().Enforcement, Cancellation))!;

        await Eventually.HoldsAsync(
            async () => (await ExecutionsOfAsync(pending)) is [{ Status: ExecutionStatus.Completed }], "the execution is completed");

        var execution = (await Executions.FindAsync((await ExecutionsOfAsync(pending)).Single().Id, Cancellation))!;
        Assert.That(
            execution.Result!.Value.GetProperty("data").GetRawText(),
            Is.EqualTo($$"""{"text": "hello order", "told": [{{execution.Id}}, 1, "{{rule.Ref}}", "{{trigger}}", {{pending.Id}}]}"""));
    }

    [Test]
    public async Task Each_execution_has_a_scope_of_its_own_that_ends_with_it()
    {
        await using var host = await StartAsync(services => services.AddScoped<Tool>().AddAction<ToolUser>("own.tool"));

        var tools = new List<JsonElement>();
        foreach (var execution in new[] { await RequestAsync("own.tool"), await RequestAsync("own.tool") })
        {
            tools.Add((await DoneAsync(execution)).Result!.Value.GetProperty("data"));
        }

        Assert.That(tools[0].GetInt32(), Is.Not.EqualTo(tools[1].GetInt32()));
        await Eventually.HoldsAsync(() => tools.TrueForAll(tool => Tool.Disposed.ContainsKey(tool.GetInt32())), "both are disposed");
    }

    [Test]
    public async Task What_an_action_reports_is_with_its_execution_and_not_in_the_history()
    {
        var gate = new Gate();
        await using var host = await StartAsync(services => services.AddSingleton(gate).AddAction<Reporting>("own.report"));
        var execution = await RequestAsync("own.report");

        await Eventually.HoldsAsync(
            async () => (await ProgressOfAsync(execution))?.GetProperty("percent").GetInt32() == 3, "it says that it has begun");
        gate.Open();
        var done = await DoneAsync(execution);

        var progress = done.Progress!.Value;
        Assert.That(progress.GetProperty("percent").ValueKind, Is.EqualTo(JsonValueKind.Null));
        Assert.That(progress.GetProperty("text").GetString(), Is.EqualTo("all but \uFFFD done"));
        Assert.That(progress.GetProperty("reported_at").GetDateTimeOffset(), Is.GreaterThanOrEqualTo(done.StartedAt!.Value));
        var history = await Get<IHistoryRepository>().ListAsync(
            HistoryEntityType.Execution, new() { EntityId = execution.Id }, new(), Cancellation);
        Assert.That(history.Items, Has.Count.EqualTo(4), "requested, scheduled, running, completed");
    }

    [Test]
    public async Task A_run_from_the_beginning_begins_without_progress()
    {
        var gate = new Gate();
        Execution execution;
        await using (await StartAsync(services => services.AddSingleton(gate).AddAction<Reporting>("own.again")))
        {
            execution = await RequestAsync("own.again");
            await Eventually.HoldsAsync(async () => await ProgressOfAsync(execution) is not null, "it says that it has begun");
        }

        Assert.That((await FindAsync(execution)).Status, Is.EqualTo(ExecutionStatus.Requested), "its worker was stopped");
        await using var host = await StartAsync(services => services.AddAction<Waiting>("own.again"));
        await Eventually.HoldsAsync(async () => (await FindAsync(execution)).Status == ExecutionStatus.Running, "it runs again");

        Assert.That(await ProgressOfAsync(execution), Is.Null);
        await Executions.CancelAsync(execution.Id, Cancellation);
    }

    [Test]
    public async Task An_action_can_tell_a_time_out_from_a_cancellation_and_from_a_stop()
    {
        var reasons = new ConcurrentDictionary<long, ActionStopReason?>();
        Execution stopped;
        await using (await StartAsync(services => services.AddSingleton(reasons)
            .AddAction<Telling>("own.telling")
            .AddAction<TellingSoon>("own.telling_soon", action => action.Timeout = TimeSpan.FromSeconds(1))))
        {
            var late = await RequestAsync("own.telling_soon");
            var cancelled = await RequestAsync("own.telling");
            stopped = await RequestAsync("own.telling");
            await Eventually.HoldsAsync(async () => (await FindAsync(cancelled)).Status == ExecutionStatus.Running, "it is running");
            await Executions.CancelAsync(cancelled.Id, Cancellation);

            Assert.That((await DoneAsync(late)).Status, Is.EqualTo(ExecutionStatus.Timeout));
            Assert.That((await DoneAsync(cancelled)).Status, Is.EqualTo(ExecutionStatus.Cancelled));
            Assert.That((await FindAsync(late)).Result!.Value.GetProperty("data").GetString(), Is.EqualTo("so far"));
            Assert.That(reasons[late.Id], Is.EqualTo(ActionStopReason.TimedOut));
            Assert.That(reasons[cancelled.Id], Is.EqualTo(ActionStopReason.Cancelled));
            await Eventually.HoldsAsync(async () => (await FindAsync(stopped)).Status == ExecutionStatus.Running, "it is running");
        }

        Assert.That(reasons[stopped.Id], Is.EqualTo(ActionStopReason.WorkerStopping));
        Assert.That((await FindAsync(stopped)).Status, Is.EqualTo(ExecutionStatus.Requested));
    }

    [Test]
    public async Task An_action_that_returns_after_all_when_its_time_is_up_is_completed()
    {
        await using var host = await StartAsync(services =>
            services.AddAction<Finishing>("own.finishing", action => (action.Timeout, action.MaxRetries) = (TimeSpan.FromSeconds(1), 5)));

        var done = await DoneAsync(await RequestAsync("own.finishing"));

        Assert.That(done.Status, Is.EqualTo(ExecutionStatus.Completed));
        Assert.That(done.Result!.Value.GetProperty("data").GetString(), Is.EqualTo("half of it"));
    }

    [Test]
    public async Task A_failure_can_answer_and_say_that_another_attempt_is_of_no_use()
    {
        await using var host = await StartAsync(services => services
            .AddAction<Hopeless>("own.hopeless", action => action.MaxRetries = 5)
            .AddAction<Unlucky>("own.unlucky", action => action.MaxRetries = 1)
            .AddAction<Circular>("own.circular", action => action.MaxRetries = 5));
        var unlucky = await DoneAsync(await RequestAsync("own.unlucky"));
        var hopeless = await DoneAsync(await RequestAsync("own.hopeless"));
        var circular = await DoneAsync(await RequestAsync("own.circular"));

        Assert.That(hopeless.Result!.Value.GetProperty("error").GetString(), Is.EqualTo("No such customer."));
        Assert.That(hopeless.Result.Value.GetProperty("data").GetRawText(), Is.EqualTo("""{"customer_id": 7}"""));
        Assert.That(
            circular.Result!.Value.GetProperty("error").GetString(),
            Does.StartWith("What the action answered cannot be written as JSON: "));
        await Eventually.HoldsAsync(
            async () => await AttemptsAfterAsync(unlucky) is [{ Status: ExecutionStatus.Completed }], "the second attempt is lucky");
        Assert.That(await AttemptsAfterAsync(hopeless), Is.Empty);
        Assert.That(await AttemptsAfterAsync(circular), Is.Empty);
    }

    [Test]
    public async Task Only_a_host_that_has_an_action_takes_its_executions()
    {
        await (await StartAsync(services => services.AddAction<Silent>("own.rare"))).DisposeAsync();
        var rare = await RequestAsync("own.rare");
        await using (await StartAsync(_ => { }))
        {
            await DoneAsync(await RequestAsync("core.noop"));
            Assert.That((await FindAsync(rare)).Status, Is.EqualTo(ExecutionStatus.Requested));
        }

        await using var host = await StartAsync(services => services.AddAction<Silent>("own.rare"));
        Assert.That((await DoneAsync(rare)).Status, Is.EqualTo(ExecutionStatus.Completed));
    }

    [Test]
    public void Two_actions_of_one_reference_fail_the_start_with_the_reference()
    {
        var twice = Assert.Throws<ArgumentException>(
            () => new ServiceCollection().AddAction<Silent>("own.twice").AddAction<Greeting>("own.twice"));
        var builtIn = Assert.Throws<ArgumentException>(
            () => new ServiceCollection().AddAction<Silent>("core.echo").AddEnforcementsServices());

        Assert.That(twice!.Message, Is.EqualTo("Greeting cannot be the action 'own.twice': Silent is."));
        Assert.That(builtIn!.Message, Does.Contain("'core.echo'"));
    }

    // The fixture's own set has what every host has.
    protected override IServiceCollection Configure(IServiceCollection services)
    {
        _additions?.Invoke(services);
        return base.Configure(services);
    }

    private Action<IServiceCollection>? _additions;

    private async Task<Running> StartAsync(Action<IServiceCollection> additions)
    {
        _additions = additions;
        var services = NewServices();
        foreach (var service in services.GetServices<IHostedService>())
        {
            await service.StartAsync(Cancellation);
        }

        return new(services);
    }

    private Task<Execution> RequestAsync(string action) => Executions.CreateAsync(new() { ActionRef = action }, Cancellation);

    private async Task<Execution> FindAsync(Execution execution) => (await Executions.FindAsync(execution.Id, Cancellation))!;

    private async Task<JsonElement?> ProgressOfAsync(Execution execution) => (await FindAsync(execution)).Progress;

    private async Task<IReadOnlyList<ExecutionSummary>> AttemptsAfterAsync(Execution first) =>
        (await Executions.ListAsync(new() { OriginalExecution = first.Id }, new(), Cancellation)).Items;

    private async Task<Execution> DoneAsync(Execution execution)
    {
        await Eventually.HoldsAsync(
            async () => (await FindAsync(execution)).Status
                is ExecutionStatus.Completed or ExecutionStatus.Failed or ExecutionStatus.Timeout or ExecutionStatus.Cancelled,
            $"execution {execution.Id} is done");
        return await FindAsync(execution);
    }

    private sealed class Running(ServiceProvider services) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var service in services.GetServices<IHostedService>().Reverse())
            {
                await service.StopAsync(CancellationToken.None);
            }

            await services.DisposeAsync();
        }
    }
}
