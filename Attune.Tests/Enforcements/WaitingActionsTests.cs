using System.Text.Json;
using Attune.Modules.Enforcements;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Tests.Enforcements;

/// <summary>Actions that wait, and those that want to run meanwhile.</summary>
public sealed class WaitingActionsTests(DatabaseEngine engine) : RunningWorkerTest(engine)
{
    private static int s_atOnce;
    private static int s_mostAtOnce;

    [OneTimeSetUp]
    public Task AddActionAsync() => ExecuteAsync("INSERT INTO action (ref, label) VALUES ('test.few', 'Three at once')");

    [TearDown]
    public Task DeleteExecutionsAsync() => ExecuteAsync("DELETE FROM execution");

    protected override IServiceCollection Configure(IServiceCollection services) => base.Configure(services)
        .AddAction<FewAction>("test.few", action => action.MostAtOnce = 3)
        .Configure<HttpActionOptions>(options => options.AllowedNetworks.Add("127.0.0.1/32"));

    [Test]
    public async Task Thousands_of_sleepers_keep_nobody_waiting_and_are_cancelled_and_requeued_as_others_are()
    {
        await ExecuteAsync("""
            INSERT INTO execution (action_ref, config) SELECT 'core.sleep', '{"seconds": 3600}' FROM generate_series(1, 2000)
            """);
        await using (var host = await StartAsync())
        {
            Assert.That((await DoneAsync(await RequestAsync("core.echo"))).Status, Is.EqualTo(ExecutionStatus.Completed));
            await Eventually.HoldsAsync(async () => await CountAsync("running") == 2000, "all of them sleep");

            var sleeper = await ScalarAsync<long>("SELECT min(id) FROM execution WHERE action_ref = 'core.sleep'");
            await Executions.CancelAsync(sleeper, Cancellation);
            await Eventually.HoldsAsync(
                async () => (await Executions.FindAsync(sleeper, Cancellation))!.Status == ExecutionStatus.Cancelled, "it is cancelled");
            Assert.That((await DoneAsync(await RequestAsync("core.echo"))).Status, Is.EqualTo(ExecutionStatus.Completed));
            Assert.That(await CountAsync("running"), Is.EqualTo(1999));
        }

        Assert.That(await CountAsync("requested"), Is.EqualTo(1999), "the host has stopped");
    }

    [Test]
    public async Task Sleepers_beyond_the_bound_wait_and_nobody_else_does()
    {
        await ExecuteAsync("""
            INSERT INTO execution (action_ref, config) SELECT 'core.sleep', '{"seconds": 3600}' FROM generate_series(1, 10500)
            """);
        await using var host = await StartAsync();
        await Eventually.HoldsAsync(async () => await CountAsync("running") >= 9_900, "those that may sleep do");

        Assert.That((await DoneAsync(await RequestAsync("core.echo"))).Status, Is.EqualTo(ExecutionStatus.Completed));
        Assert.That(await CountAsync("running"), Is.InRange(9_900, 10_000));
    }

    [Test]
    public async Task A_server_that_does_not_answer_keeps_no_other_action_and_no_other_request_waiting()
    {
        using var released = new SemaphoreSlim(0);
        await using var silent = await WebServer.StartAsync(_ => released.WaitAsync(Cancellation));
        await using var quick = await WebServer.StartAsync(_ => Task.CompletedTask);
        await ExecuteAsync(
            "INSERT INTO execution (action_ref, config) SELECT 'core.http_request', @config::jsonb FROM generate_series(1, 250)",
            new { config = $$"""{"url": "{{silent.Address}}", "timeout_seconds": 300}""" });
        await using var host = await StartAsync();
        await Eventually.HoldsAsync(() => silent.Asked.Count == 250, "all of them wait for an answer");

        Assert.That((await DoneAsync(await RequestAsync("core.echo"))).Status, Is.EqualTo(ExecutionStatus.Completed));
        var request = await RequestAsync("core.http_request", $$"""{"url": "{{quick.Address}}"}""");
        Assert.That((await DoneAsync(request)).Status, Is.EqualTo(ExecutionStatus.Completed));
        Assert.That(await CountAsync("running"), Is.EqualTo(250));
        released.Release(250);
    }

    [Test]
    public async Task An_action_of_ones_own_runs_as_often_at_once_as_it_says()
    {
        await ExecuteAsync("INSERT INTO execution (action_ref) SELECT 'test.few' FROM generate_series(1, 20)");
        await using var host = await StartAsync();

        await Eventually.HoldsAsync(async () => await CountAsync("completed") == 20, "all of them have run");

        Assert.That(Volatile.Read(ref s_mostAtOnce), Is.EqualTo(3));
    }

    private Task<long> CountAsync(string status) =>
        ScalarAsync<long>("SELECT count(*) FROM execution WHERE status = @status::execution_status_enum", new { status });

    private sealed class FewAction : IAction<JsonElement?>
    {
        private static readonly Lock Gate = new();

        public async Task RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
        {
            lock (Gate)
            {
                s_mostAtOnce = Math.Max(s_mostAtOnce, ++s_atOnce);
            }

            await Task.Delay(20, cancellationToken);
            lock (Gate)
            {
                s_atOnce--;
            }
        }
    }
}
