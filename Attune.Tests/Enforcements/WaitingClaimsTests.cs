using System.Collections.Concurrent;
using Attune.Db.Changes;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Workers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Attune.Tests.Enforcements;

/// <summary>
/// Remote workers that wait for work, many on one host. The clock stands still, so that nothing looks for work unless it is told;
/// what is counted are statements.
/// </summary>
public sealed class WaitingClaimsTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    private readonly StatementCounter _statements = new();
    private readonly ManualClock _clock = new(DateTimeOffset.UtcNow);
    private readonly CancellationTokenSource _enough = new();

    private WaitingClaims Waits => Get<WaitingClaims>();

    [OneTimeSetUp]
    public void Connect() => Get<ChangeHub>().SetConnected(true);

    [OneTimeTearDown]
    public async Task EndAsync()
    {
        await _enough.CancelAsync();
        _enough.Dispose();
        _statements.Dispose();
    }

    protected override IServiceCollection Configure(IServiceCollection services) => base.Configure(services)
        .AddSingleton<TimeProvider>(_clock)
        .AddSingleton(_ => DataSources.Create(
            ConnectionString, LoggerFactory.Create(logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(_statements))));

    [Test]
    public async Task An_execution_wakes_one_of_all_that_wait_for_it()
    {
        const int many = 100;
        var claims = await WaitAsync("waiting.one", many);

        var before = _statements.Count;
        var id = (await RequestAsync("waiting.one", 1)).Single();
        var first = await Task.WhenAny(claims).WaitAsync(Eventually.Deadline, Cancellation);

        Assert.That((await first).Single().Id, Is.EqualTo(id));
        Assert.That(claims.Count(claim => claim.IsCompleted), Is.EqualTo(1));
        Assert.That(_statements.Count - before, Is.LessThan(many / 5), "they do not all look for it");
    }

    [Test]
    public async Task As_many_wake_as_there_is_work_for_and_none_gets_what_another_has()
    {
        var claims = await WaitAsync("waiting.several", 50);

        var before = _statements.Count;
        var ids = await RequestAsync("waiting.several", 7);
        await Eventually.HoldsAsync(() => claims.Count(claim => claim.IsCompleted) >= 7, "seven have one");

        var taken = await Task.WhenAll(claims.Where(claim => claim.IsCompleted));
        Assert.That(taken.Select(one => one.Single().Id), Is.EquivalentTo(ids));
        Assert.That(_statements.Count - before, Is.LessThan(50));
        Assert.That(claims.Count(claim => !claim.IsCompleted), Is.EqualTo(43));
    }

    [Test]
    public async Task Work_of_other_actions_is_not_looked_for()
    {
        var claim = (await WaitAsync("waiting.idle", 1)).Single();

        var before = _statements.Count;
        for (var other = 0; other < 20; other++)
        {
            await RequestAsync("waiting.unknown", 1);
        }

        await RequestAsync("waiting.idle", 1);
        await claim.WaitAsync(Eventually.Deadline, Cancellation);

        Assert.That(
            _statements.Texts.Skip(before).Count(text => text.Contains("GROUP BY action_ref", StringComparison.Ordinal)), Is.LessThan(10));
    }

    [Test]
    public async Task A_host_says_of_all_that_wait_together_that_they_live()
    {
        const int many = 40;
        await WaitAsync("waiting.alive", many);
        await ExecuteAsync("UPDATE worker SET last_heartbeat = now() - INTERVAL '1 minute' WHERE name LIKE '%waiting.alive%'");

        var before = _statements.Count;
        _clock.Advance(new WorkersOptions().LostAfter / 6);
        await Eventually.HoldsAsync(
            () =>
                ScalarAsync<bool>(
                    "SELECT bool_and(last_heartbeat > now() - INTERVAL '50 seconds') FROM worker WHERE name LIKE '%waiting.alive%'"),
            "all have been heard of");

        Assert.That(
            _statements.Texts.Skip(before).Count(text => text.Contains("last_heartbeat = now()", StringComparison.Ordinal)), Is.EqualTo(1));
    }

    [Test]
    public async Task A_worker_that_was_stopped_while_it_waited_gets_nothing_and_keeps_nothing_from_others()
    {
        var stopped = (await WaitAsync("waiting.stopped", 1)).Single();
        await ExecuteAsync("UPDATE worker SET status = 'inactive' WHERE name LIKE '%waiting.stopped%'");
        var other = (await WaitAsync("waiting.stopped", 1)).Single();

        var id = (await RequestAsync("waiting.stopped", 1)).Single();

        Assert.That((await other.WaitAsync(Eventually.Deadline, Cancellation)).Single().Id, Is.EqualTo(id));
        Assert.That(await stopped.WaitAsync(Eventually.Deadline, Cancellation), Is.Empty);
    }

    [Test]
    public async Task An_attempt_is_leased_to_one_that_waits_when_its_time_has_come()
    {
        var claim = (await WaitAsync("waiting.later", 1)).Single();

        var id = (await RequestAsync("waiting.later", 1, notBefore: "clock_timestamp() + INTERVAL '300 milliseconds'")).Single();
        await Eventually.HoldsAsync(
            () => ScalarAsync<bool>("SELECT now() > not_before FROM execution WHERE id = @id", new { id }), "its time has come");
        Assert.That(claim.IsCompleted, Is.False);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.That((await claim.WaitAsync(Eventually.Deadline, Cancellation)).Single().Id, Is.EqualTo(id));
    }

    [Test]
    public async Task A_wait_ends_with_nothing_when_it_was_long_enough_and_a_worker_that_has_gone_is_leased_nothing()
    {
        var worker = await NewWorkerAsync("waiting.end");
        using var enough = new CancellationTokenSource();
        using var gone = new CancellationTokenSource();
        var patient = Get<RemoteClaims>().ClaimAsync(worker, ["waiting.end"], 1, enough.Token, CancellationToken.None);
        var left = Get<RemoteClaims>().ClaimAsync(worker, ["waiting.end"], 1, CancellationToken.None, gone.Token);

        await enough.CancelAsync();
        await gone.CancelAsync();

        Assert.That(await patient.WaitAsync(Eventually.Deadline, Cancellation), Is.Empty);
        await Assert.ThatAsync(() => left, Throws.InstanceOf<OperationCanceledException>());
        var id = (await RequestAsync("waiting.end", 1)).Single();
        Assert.That((await Executions.FindAsync(id, Cancellation))!.Status, Is.EqualTo(ExecutionStatus.Requested));
    }

    /// <summary>So many workers of an action, each of which waits for one execution.</summary>
    private async Task<IReadOnlyList<Task<IReadOnlyList<ClaimedExecution>>>> WaitAsync(string action, int count)
    {
        var already = Waits.Count;
        var claims = new List<Task<IReadOnlyList<ClaimedExecution>>>();
        for (var number = 0; number < count; number++)
        {
            claims.Add(Get<RemoteClaims>().ClaimAsync(await NewWorkerAsync(action), [action], 1, _enough.Token, CancellationToken.None));
        }

        await Eventually.HoldsAsync(() => Waits.Count == already + count, "all wait");
        return claims;
    }

    private Task<long> NewWorkerAsync(string action) => ScalarAsync<long>(
        "INSERT INTO worker (name, worker_type, worker_role, last_heartbeat) VALUES (@name, 'remote', 'action', now()) RETURNING id",
        new { name = NewName(action) });

    // What the database would say of them, and as much time as signals are gathered for.
    private async Task<IReadOnlyList<long>> RequestAsync(string action, int count, string notBefore = "NULL")
    {
        var ids = await QueryAsync<long>(
            $"INSERT INTO execution (action_ref, not_before) SELECT @action, {notBefore} FROM generate_series(1, @count) RETURNING id",
            new { action, count });
        Get<ChangeHub>().Publish(new() { Channel = Channels.ExecutionCreated, EntityType = "execution", Id = ids[0], ActionRef = action });
        _clock.Advance(TimeSpan.FromMilliseconds(50));
        return ids;
    }

    /// <summary>Remembers each statement that is sent to the database.</summary>
    private sealed class StatementCounter : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _texts = [];

        public IEnumerable<string> Texts => _texts;

        public int Count => _texts.Count;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "ExecutingCommand")
            {
                _texts.Enqueue(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
