using System.Collections.Concurrent;
using System.Diagnostics;

namespace Attune.Tests.Faults.Chaos;

/// <summary>
/// Three hosts on one database, callers, an administrator and a remote worker, while hosts and server are killed again and again at
/// moments that nobody chose: afterwards every promise is kept, and the invariants hold.
/// </summary>
[TestFixture(DatabaseEngine.Native)]
[TestFixture(DatabaseEngine.Timescale)]
[Platform(Exclude = "Win", Reason = "Signals are sent to the server and the hosts.")]
public sealed class ChaosTests(DatabaseEngine engine)
{
    // Longer than it takes to find a silent worker, and much longer than anything else.
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(4);

    // Enough for something to be under way when the next fault comes, unless all are still starting.
    private const int AnswersBetweenFaults = 40;
    private static readonly TimeSpan LongestWithoutAnswers = TimeSpan.FromSeconds(15);

    [Test]
    public Task Whatever_is_killed_nothing_is_lost_doubled_or_stuck() => RunAsync(ChaosSettings.Read(rounds: 2));

    [Test]
    [Explicit("A quarter of an hour or more; ATTUNE_CHAOS_ROUNDS and the like say how long, README.md has them.")]
    public Task A_long_run_holds_too() => RunAsync(ChaosSettings.Read(rounds: 60));

    private async Task RunAsync(ChaosSettings settings)
    {
        await using var database = await ChaosDatabase.OpenAsync(engine);
        await database.ExecuteAsync(ChaosWitness.Sql);
        await using var hosts = new ChaosHosts(database.Setting);
        var complaints = new ConcurrentQueue<string>();
        using var editor = new ChaosEditor(hosts, complaints, settings.Seed);
        using var worker = new ChaosWorker(hosts, complaints, "chaos", settings.Seed);
        var callers = new ChaosCallers(hosts, await editor.FurnishAsync(), complaints, settings.Seed);
        using var callingEnds = new CancellationTokenSource();
        using var workingEnds = new CancellationTokenSource();
        var working = worker.WorkAsync(workingEnds.Token);
        Task[] busy =
        [
            .. Enumerable.Range(1, settings.Callers).Select(caller => callers.CallAsync(caller, callingEnds.Token)),
            editor.EditAsync(callingEnds.Token),
        ];

        var began = Stopwatch.StartNew();
        var harming = HarmAsync(settings, database, hosts, callers);
        await await Task.WhenAny([harming, working, .. busy]);
        var faults = await harming;
        var harmed = began.Elapsed;
        await hosts.AllListenAsync();
        await AnsweredAsync(callers);
        await callingEnds.CancelAsync();
        await Task.WhenAll(busy).WaitAsync(LongestRest);
        await editor.StopTimerAsync();
        await await Task.WhenAny(RestAsync(database), working);
        await workingEnds.CancelAsync();
        await working.WaitAsync(LongestRest);

        await TestContext.Out.WriteLineAsync(
            $"{engine}, {database.Fate}: {faults} faults in {harmed.TotalSeconds:0} s, at rest after {(began.Elapsed - harmed).TotalSeconds:0} s, {callers.Promises.Count} answers, {callers.Unknown.Count} events that nobody answered for, " +
            $"{editor.Changes} changes, {worker.Completed.Count} executions by the remote worker");
        if (!complaints.IsEmpty)
        {
            await TestContext.Out.WriteLineAsync(hosts.Said);
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(complaints.Concat(hosts.Complaints), Is.Empty, "answers that are never given");
            Assert.That(callers.Promises, Has.Count.GreaterThan(AnswersBetweenFaults * settings.Rounds));
            Assert.That(worker.Completed, Is.Not.Empty);
            Assert.That(
                callers.Promises.GroupBy(promise => promise.Number).Where(promises => promises.Distinct().Count() > 1), Is.Empty,
                "7: the same key, the same event");
            await HoldAsync(database, callers, worker);
        }
    }

    /// <returns>How many faults there were.</returns>
    private static async Task<int> HarmAsync(ChaosSettings settings, ChaosDatabase database, ChaosHosts hosts, ChaosCallers callers)
    {
        var random = new Random(settings.Seed);
        var faults = 0;
        for (var round = 0; round < settings.Rounds; round++)
        {
            Func<Task>[] lesser =
            [
                () => hosts.StopAsync(random.Next(ChaosHosts.Count)),
                () => hosts.FreezeAsync(random.Next(ChaosHosts.Count), TimeSpan.FromMilliseconds(random.Next(2_000))),
                () => Task.WhenAll(database.StopAtOnceAsync(), hosts.KillAsync(random.Next(ChaosHosts.Count))),
            ];
            Func<Task>[] harm =
            [
                .. Enumerable.Range(0, ChaosHosts.Count).Select<int, Func<Task>>(place => () => hosts.KillAsync(place)),
                database.StopAtOnceAsync,
                lesser[random.Next(lesser.Length)],
            ];
            random.Shuffle(harm);
            foreach (var fault in harm)
            {
                await AnsweredAsync(callers);
                await Task.Delay(settings.LongestPause * random.NextDouble());
                await fault();
                faults++;
            }
        }

        return faults;
    }

    private static async Task AnsweredAsync(ChaosCallers callers)
    {
        var deadline = DateTime.UtcNow + LongestWithoutAnswers;
        var answers = callers.Promises.Count + AnswersBetweenFaults;
        while (callers.Promises.Count < answers && DateTime.UtcNow < deadline)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }

    private static async Task RestAsync(ChaosDatabase database)
    {
        const string sql = """
            SELECT status::text AS status, count(*) AS count
              FROM enforcement
             WHERE status = 'created'
             GROUP BY status
            UNION ALL
            SELECT action_ref || ' ' || status, count(*)
              FROM execution
             WHERE status IN ('requested', 'scheduling', 'scheduled', 'running', 'canceling')
             GROUP BY action_ref, status
            """;

        var deadline = DateTime.UtcNow + LongestRest;
        IReadOnlyList<(string Status, long Count)> open;
        while ((open = await database.QueryAsync<(string Status, long Count)>(sql)).Count > 0)
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(deadline), () => "stuck: " + string.Join(", ", open));
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    private static async Task HoldAsync(ChaosDatabase database, ChaosCallers callers, ChaosWorker worker)
    {
        var given = new
        {
            ids = callers.Promises.Select(promise => promise.Id).ToArray(),
            numbers = callers.Promises.Select(promise => promise.Number).ToArray(),
            executions = worker.Completed.Select(promise => promise.Id).ToArray(),
            results = worker.Completed.Select(promise => promise.Number).ToArray(),
        };
        await database.ExecuteAsync("ANALYZE event, enforcement, execution, execution_history, witness_enforcement, witness_execution");
        foreach (var (name, sql) in ChaosInvariants.All)
        {
            Assert.That(await database.QueryAsync<long>(sql, given), Is.Empty, name);
        }
    }
}
