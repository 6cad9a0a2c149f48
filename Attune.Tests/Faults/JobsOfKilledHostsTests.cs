using System.Text;
using System.Text.Json;
using Attune.Tests.Host;

namespace Attune.Tests.Faults;

/// <summary>Jobs go on where they were when the hosts that worked on them are killed, and do nothing twice.</summary>
public sealed class JobsOfKilledHostsTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private const int Items = 1_200;
    private const int Kills = 2;

    [TestCase("replay_events")]
    [TestCase("rerun_executions")]
    public async Task Each_item_of_a_job_has_one_result_after_its_hosts_were_killed_again_and_again(string kind)
    {
        var isOfEvents = kind == "replay_events";
        var subject = $"killed.{kind}";
        long job;
        await using (var first = await ServeAsync(perSecond: 100))
        {
            using var api = new ApiClient(first.Address!);
            await api.PostAsync("/api/v1/triggers", new { @ref = subject, label = subject });
            await api.RuleAsync($"killed.rule_{kind}", subject, Array.Empty<object>());
            await ExecuteAsync(isOfEvents
                ? "INSERT INTO event (trigger_ref, payload) SELECT @subject, to_jsonb(n) FROM generate_series(1, @Items) AS n"
                : "INSERT INTO execution (action_ref, status, trigger_ref) SELECT 'core.noop', 'failed', @subject FROM generate_series(1, @Items)",
                new { subject, Items });
            job = (await PostAsync(api, "jobs", $$$"""{"kind": "{{{kind}}}", "filter": {"trigger_ref": "{{{subject}}}"}}"""))
                .GetProperty("id").GetInt64();
            await PostAsync(api, $"jobs/{job}/confirm", $$"""{"count": {{Items}}}""");
            await WorkedAsync(job, 1);
            await first.KillAsync();
            await SwitchAsync(job, "stopped");
        }

        for (var kill = 1; kill < Kills; kill++)
        {
            // It stands still while they start, so that both have a part of it.
            var hosts = await Task.WhenAll(ServeAsync(perSecond: 100), ServeAsync(perSecond: 100));
            await using var one = hosts[0];
            await using var other = hosts[1];
            var before = await EndedAsync(job);
            await SwitchAsync(job, "running");
            await WorkedAsync(job, before + 200);
            await Task.WhenAll(hosts.Select(host => host.KillAsync()));
            await SwitchAsync(job, "stopped");
        }

        Assert.That(await EndedAsync(job), Is.LessThan(Items), "the hosts were killed in the middle of it");

        // What a killed host had claimed is taken over when the claim is over; a test need not wait for that.
        await ExecuteAsync("UPDATE job_item SET claimed_until = now() WHERE job = @job AND claimed_until IS NOT NULL AND outcome IS NULL", new { job });
        await SwitchAsync(job, "running");
        await using (await ServeAsync(perSecond: 2_000))
        {
            await Eventually.HoldsAsync(
                async () => await ScalarAsync<string>("SELECT state FROM job WHERE id = @job", new { job }) == "completed", "the job is completed");
        }

        var (table, column) = isOfEvents ? ("event", "replay_of") : ("execution", "rerun_of");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(
                await ScalarAsync<long>("SELECT count(*) FROM job_item WHERE job = @job AND outcome = 'done'", new { job }), Is.EqualTo(Items));
            Assert.That(await ScalarAsync<long>(
                $"""
                SELECT count(*)
                  FROM job_item
                  JOIN {table} AS again ON again.id = job_item.result AND again.{column} = job_item.item
                 WHERE job = @job
                """, new { job }), Is.EqualTo(Items), "every item names what came of it");
            Assert.That(
                await ScalarAsync<long>($"SELECT count(*) FROM {table} WHERE {column} IS NOT NULL AND trigger_ref = @subject", new { subject }),
                Is.EqualTo(Items), "and nothing else came of it");
            Assert.That(
                await ScalarAsync<long>(
                    "SELECT count(*) FROM event WHERE replay_of IS NOT NULL AND NOT EXISTS (SELECT FROM enforcement WHERE enforcement.event = event.id)"),
                Is.Zero, "each event that was sent again was evaluated");
        }
    }

    [Test]
    public async Task A_job_that_is_aborted_stops_on_another_host_and_no_host_takes_it_up_after_a_kill()
    {
        const string subject = "killed.aborted";
        const int most = 400;
        long job;
        long ended;
        var hosts = await Task.WhenAll(ServeAsync(perSecond: 50), ServeAsync(perSecond: 50));
        await using (var one = hosts[0])
        await using (var other = hosts[1])
        {
            using var api = new ApiClient(one.Address!);
            using var elsewhere = new ApiClient(other.Address!);
            await api.PostAsync("/api/v1/triggers", new { @ref = subject, label = subject });
            var events = await QueryAsync<long>(
                "INSERT INTO event (trigger_ref) SELECT @subject FROM generate_series(1, @most) RETURNING id", new { subject, most });
            job = await BeginAsync(api, events);
            await WorkedAsync(job, 20);

            var aborted = await PostAsync(elsewhere, $"jobs/{job}/abort", "");
            Assert.That(aborted.GetProperty("state").GetString(), Is.EqualTo("aborted"));
            var before = await EndedAsync(job);

            // Another job shows that the hosts still work, and that nothing more comes of this one.
            var next = await BeginAsync(elsewhere, events);
            await WorkedAsync(next, 60);
            ended = await EndedAsync(job);
            Assert.That(ended, Is.LessThanOrEqualTo(before + 20).And.LessThan(most), "no more than the part that each host had begun");
            await Task.WhenAll(hosts.Select(host => host.KillAsync()));
            await SwitchAsync(next, "stopped");
        }

        await ExecuteAsync(
            "UPDATE job_item SET claimed_until = now() WHERE job = @job AND claimed_until IS NOT NULL AND outcome IS NULL", new { job });
        await using var third = await ServeAsync(perSecond: 2_000);
        using var after = new ApiClient(third.Address!);
        var last = await BeginAsync(after, await QueryAsync<long>("SELECT id FROM event WHERE trigger_ref = @subject LIMIT 10", new { subject }));
        await Eventually.HoldsAsync(
            async () => await ScalarAsync<string>("SELECT state FROM job WHERE id = @last", new { last }) == "completed", "a later job is completed");

        using var resumed = await after.Http.PostAsync($"/api/v1/jobs/{job}/resume", null);
        using var late = await after.Http.PostAsync($"/api/v1/jobs/{last}/abort", null);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await EndedAsync(job), Is.EqualTo(ended));
            Assert.That(await ScalarAsync<string>("SELECT state FROM job WHERE id = @job", new { job }), Is.EqualTo("aborted"));
            Assert.That((int)resumed.StatusCode, Is.EqualTo(409));
            Assert.That((int)late.StatusCode, Is.EqualTo(409));
        }
    }

    private static async Task<long> BeginAsync(ApiClient api, IReadOnlyList<long> events)
    {
        var body = JsonSerializer.Serialize(new { kind = "replay_events", ids = events });
        var job = (await PostAsync(api, "jobs", body)).GetProperty("id").GetInt64();
        await PostAsync(api, $"jobs/{job}/confirm", "{}");
        return job;
    }

    private Task<HostProgram> ServeAsync(int perSecond) =>
        HostProgram.ServeAsync($"--Database:ConnectionString={ConnectionString}", $"--Jobs:ItemsPerSecond={perSecond}");

    private Task SwitchAsync(long job, string state) => ExecuteAsync("UPDATE job SET state = @state WHERE id = @job", new { job, state });

    private Task<long> EndedAsync(long job) =>
        ScalarAsync<long>("SELECT count(*) FROM job_item WHERE job = @job AND outcome IS NOT NULL", new { job });

    private Task WorkedAsync(long job, long least) =>
        Eventually.HoldsAsync(async () => await EndedAsync(job) >= least, $"{least} items have an outcome");

    private static async Task<JsonElement> PostAsync(ApiClient api, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await api.Http.PostAsync($"/api/v1/{path}", content);
        var text = await response.Content.ReadAsStringAsync();
        Assert.That(response.IsSuccessStatusCode, Is.True, text);
        return JsonElement.Parse(text).GetProperty("data");
    }
}
