using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Enforcements;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Outcomes;
using Attune.Modules.Enforcements.Workers;
using Dapper;
using Npgsql;

namespace Attune.Tests.Enforcements;

/// <summary>The plans of the module's own SQL, on tables with ninety days of rows and a few of them pending.</summary>
public sealed class EnforcementPlanTests : NativeDatabaseTest
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    // At noon, so that a day with many rows is read whatever time it is now: of a day with two rows every index is as good.
    private static readonly PageRequest Deep = new()
    {
        Size = 10,
        After = new(new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-45.5), 1),
    };

    [OneTimeSetUp]
    public async Task WriteNinetyDaysAsync()
    {
        await WriteAsync("event", """
            INSERT INTO event (id, trigger_ref, created)
            SELECT number, 'plan.trigger', now() - (40001 - number) * INTERVAL '89 days' / 40000
              FROM generate_series(1, 40000) AS number
            """);
        await WriteAsync("enforcement", """
            INSERT INTO enforcement (id, rule, rule_ref, trigger_ref, event, status, payload, created, resolved_at)
            SELECT number, number % 10, 'plan.rule_' || number % 10, 'plan.trigger_' || number % 10, number,
                   CASE number % 200 WHEN 0 THEN 'created' WHEN 1 THEN 'disabled' ELSE 'processed' END::enforcement_status_enum,
                   '{}', now() - (40001 - number) * INTERVAL '89 days' / 40000, CASE WHEN number % 200 <> 0 THEN now() END
              FROM generate_series(1, 40000) AS number
            """);
        await WriteAsync("execution", """
            INSERT INTO execution (id, action_ref, rule_ref, trigger_ref, enforcement, status, created)
            SELECT number, 'plan.action_' || number % 10, 'plan.rule_' || number % 10, 'plan.trigger_' || number % 10, number,
                   CASE number % 200 WHEN 0 THEN 'requested' WHEN 1 THEN 'failed' ELSE 'completed' END::execution_status_enum,
                   now() - (40001 - number) * INTERVAL '89 days' / 40000
              FROM generate_series(1, 40000) AS number
            """);
        await ExecuteAsync("CALL note_id_ranges()");
    }

    [Test]
    public async Task The_first_page_reads_the_newest_day_by_the_index()
    {
        AssertOrdered(await ListAsync(new EnforcementFilter(), new()), "_created_id_idx", pastDays: 2);
        AssertOrdered(await ListAsync(new ExecutionFilter(), new()), "_created_id_idx", pastDays: 2);
    }

    [Test]
    public async Task A_page_above_a_row_reads_the_day_of_that_row_by_the_index()
    {
        var above = new PageRequest { Size = 10, Before = Deep.After };

        AssertOrdered(await ListAsync(new EnforcementFilter(), above), "_created_id_idx", pastDays: 2);
        AssertOrdered(await ListAsync(new ExecutionFilter(), above), "_created_id_idx", pastDays: 2);
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task A_search_of_a_day_reads_that_day_alone_newest_first_by_the_index(bool failed)
    {
        var day = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-45);

        var plan = await Plan.OfAsync(
            Database,
            ExecutionQueries.Scan(
                new() { Statuses = failed ? [ExecutionStatus.Failed] : [] }, new(day, day.AddDays(1)), after: null, limit: 10, new(true, true)),
            analyze: false, Cancellation);

        Assert.That(plan.Relations, Is.EqualTo((string[])[$"execution_p{day:yyyyMMdd}"]), plan.Text);
        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
    }

    [Test]
    public async Task A_deep_page_reads_the_day_of_its_cursor()
    {
        AssertOrdered(await ListAsync(new EnforcementFilter(), Deep), "_created_id_idx", pastDays: 2);
        AssertOrdered(await ListAsync(new ExecutionFilter(), Deep), "_created_id_idx", pastDays: 2);
    }

    [Test]
    public async Task A_filter_by_reference_walks_its_index()
    {
        AssertOrdered(await ListAsync(new EnforcementFilter { RuleRef = "plan.rule_1" }, Deep), "_rule_ref_created_id_idx", 2);
        AssertOrdered(await ListAsync(new EnforcementFilter { TriggerRef = "plan.trigger_1" }, Deep), "_trigger_ref_created_id_idx", 2);
        AssertOrdered(await ListAsync(new ExecutionFilter { ActionRef = "plan.action_1" }, Deep), "_action_ref_created_id_idx", 2);
        AssertOrdered(await ListAsync(new ExecutionFilter { RuleRef = "plan.rule_1" }, Deep), "_rule_ref_created_id_idx", 2);
        AssertOrdered(await ListAsync(new ExecutionFilter { TriggerRef = "plan.trigger_1" }, Deep), "_trigger_ref_created_id_idx", 2);
    }

    [Test]
    public async Task A_status_that_is_rare_walks_an_index_of_its_own()
    {
        foreach (var status in new[] { EnforcementStatus.Created, EnforcementStatus.Disabled })
        {
            var plan = await ListAsync(new EnforcementFilter { Statuses = [status] }, Deep);
            Assert.That(plan.NodeTypes, Has.None.EqualTo("Seq Scan"), plan.Text);
            Assert.That(plan.Indexes, Is.Not.Empty.And.All.Match("_created_id_idx[12]$"), plan.Text);
        }

        var failed = await ListAsync(new ExecutionFilter { Statuses = [ExecutionStatus.Failed] }, Deep);
        Assert.That(failed.Indexes, Is.Not.Empty.And.All.Contains("_status_created_id_idx"), failed.Text);
    }

    [Test]
    public async Task The_enforcements_of_an_event_are_looked_for_in_its_day()
    {
        const long id = 20_000;
        var range = await Get<IdRanges>().HintAsync(IdTable.Event, id, Cancellation);

        var plan = await PlanOfAsync(EnforcementQueries.List(new() { Event = id }, new(), range, 51));

        Assert.That(plan.Relations, Has.Count.EqualTo(1), plan.Text);
        Assert.That(plan.Indexes, Has.Count.EqualTo(1).And.All.Contains("event_rule_created"), plan.Text);
    }

    [Test]
    public async Task The_executions_of_an_enforcement_are_found_by_the_index()
    {
        var plan = await ListAsync(new ExecutionFilter { Enforcement = 30_000 }, Deep);

        Assert.That(plan.NodeTypes, Has.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(plan.Indexes, Is.Not.Empty.And.All.Contains("_enforcement_created_idx"), plan.Text);
    }

    [Test]
    public async Task Events_that_a_rule_matched_are_found_by_the_rule_in_the_order_of_the_list()
    {
        // Days that have no rows yet are read whole, which costs nothing: they are left out.
        var day = TimeWindows.Of(Now, null, Deep.After!.Value.At, Deep)[0];
        foreach (var result in (EventResult?[])[null, EventResult.Pending])
        {
            var plan = await PlanOfAsync(OutcomeQueries.List(new() { RuleRef = "plan.rule_1", Result = result }, Deep, day, 51));

            Assert.That(plan.NodeTypes, Has.None.EqualTo("Seq Scan"), plan.Text);
            Assert.That(Past([.. plan.Relations.Where(name => name.StartsWith("enforcement", StringComparison.Ordinal))]), Has.Length.InRange(
                1, 2), plan.Text);
            Assert.That(plan.Indexes, Has.Some.StartsWith("event_p"), plan.Text);
        }
    }

    [Test]
    public async Task What_became_of_a_page_of_events_is_read_in_their_days_by_indexes()
    {
        var plan = await PlanOfAsync((OutcomeQueries.OfEvents, new
        {
            ids = Enumerable.Range(20_000, 50).Select(number => (long)number).ToArray(),
            instants = Enumerable.Range(1, 50).Select(number => Deep.After!.Value.At.AddMinutes(-3 * number).UtcDateTime).ToArray(),
            Since = Deep.After!.Value.At.AddHours(-3),
            Until = Deep.After!.Value.At,
        }));

        Assert.That(Past([.. plan.Relations.Where(name => name.StartsWith("enforcement", StringComparison.Ordinal))]), Has.Length.InRange(
            1, 2), plan.Text);
        Assert.That(
            plan.Indexes.Where(name => name.StartsWith("execution", StringComparison.Ordinal)),
            Is.Not.Empty.And.All.Contains("_enforcement_created_idx"), plan.Text);
    }

    [Test]
    public async Task An_old_row_is_looked_for_in_its_own_day()
    {
        foreach (var (
            table, sql) in new[] { (IdTable.Enforcement, EnforcementRepository.FindSql), (IdTable.Execution, ExecutionRepository.FindSql) })
        {
            var range = await Get<IdRanges>().HintAsync(table, 20_000, Cancellation);
            var plan = await PlanOfAsync((sql, new { id = 20_000L, range.Since, range.Until }));

            Assert.That(plan.Relations.Except(["resolution_failure"]).Count(), Is.EqualTo(1), plan.Text);
            Assert.That(plan.Indexes, Has.Some.EndsWith("_pkey"), plan.Text);
        }
    }

    [Test]
    public async Task A_claim_walks_the_pending_rows_and_neither_sorts_nor_reads_others()
    {
        await using var source = DataSources.Create(ConnectionString + ";Options=-c enable_sort=off");
        var since = Now.AddDays(-6);
        var enforcements = await PlanOfAsync((EnforcementResolver.ClaimSql, new { since, size = 500 }), source);
        var executions = await PlanOfAsync(
            (ExecutionQueue.ClaimSql, new { since, size = 100, worker = 1L, actions = new[] { "plan.action_1" } }), source);

        Assert.That(enforcements.NodeTypes, Has.None.EqualTo("Sort"), enforcements.Text);
        Assert.That(Past(enforcements.Relations), Has.Length.InRange(1, 8), enforcements.Text);
        Assert.That(enforcements.Indexes, Is.Not.Empty.And.All.Contains("_created_id_idx1"), enforcements.Text);
        Assert.That(executions.NodeTypes, Has.None.EqualTo("Sort"), executions.Text);
        Assert.That(Past(executions.Relations), Has.Length.InRange(1, 8), executions.Text);
        Assert.That(executions.Indexes.Except(["worker_pkey"]), Is.Not.Empty.And.All.Match("_created_id_idx[12]?$"), executions.Text);

        var requested = await PlanOfAsync((ExecutionQueue.RequestedSql, new { since, actions = new[] { "plan.action_1" } }));
        Assert.That(Past(requested.Relations), Has.Length.InRange(1, 8), requested.Text);
        Assert.That(requested.Indexes, Is.Not.Empty.And.All.Match("_created_id_idx[12]?$"), requested.Text);
    }

    [Test]
    public async Task Leases_are_found_by_an_index_of_their_own()
    {
        foreach (var sql in new[] { ExecutionLeases.OfLostWorkersSql, ExecutionLeases.OverdueSql, WorkerRepository.LeaseCountsSql })
        {
            var plan = await PlanOfAsync(
                (sql, new { since = Now.AddDays(-6), Since = Now.AddDays(-6), TimeRange.Always.Until, grace = 20 }));

            Assert.That(Past(plan.Relations), Has.Length.InRange(1, 8), plan.Text);
            Assert.That(plan.Indexes.Where(name => name.StartsWith("execution", StringComparison.Ordinal)), Is.Not.Empty.And.All.Match(
                "_worker_created_idx|_created_id_idx"), plan.Text);
        }
    }

    [Test]
    public async Task Finishing_reads_the_days_of_its_rows()
    {
        var plan = await PlanOfAsync((ExecutionFinisher.FinishSql, new
        {
            ids = new[] { 39_600L },
            workers = new[] { 1L },
            started = new[] { Now.UtcDateTime },
            statuses = new[] { "failed" },
            results = new[] { "{}" },
            mayRetry = new[] { true },
            oldest = Now.AddHours(-20),
            newest = Now.AddHours(-19),
        }));

        Assert.That(Past([.. plan.Relations.Where(name => name.StartsWith("execution", StringComparison.Ordinal))]), Has.Length.InRange(
            0, 2), plan.Text);
        Assert.That(plan.Indexes, Has.Some.StartsWith("execution"), plan.Text);
    }

    [Test]
    public async Task Settling_reads_the_days_of_its_rows()
    {
        var plan = await PlanOfAsync((EnforcementResolver.SettleSql, new
        {
            ids = Enumerable.Range(39_600, 300).Select(number => (long)number).ToArray(),
            oldest = Now.AddHours(-20),
            newest = Now.AddHours(-1),
        }));

        Assert.That(Past(plan.Relations), Has.Length.LessThanOrEqualTo(2), plan.Text);
        Assert.That(plan.Relations.Where(name => name.StartsWith("enforcement", StringComparison.Ordinal)), Is.Not.Empty, plan.Text);
    }

    // Whoever so much as plans a query on a day that is locked like this has to wait.
    [Test]
    public async Task A_backtest_does_not_even_open_the_days_outside_of_its_range()
    {
        var midnight = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero);
        await Get<IRuleRepository>().CreateAsync(
            new() { Ref = "plan.backtested", Label = "Backtested", TriggerRef = "core.webhook", ActionRef = "core.noop" }, Cancellation);
        var request = new BacktestRequest
        {
            Subject = new() { RuleRef = "plan.backtested", Draft = new() { TriggerRef = "plan.trigger" } },
            Since = midnight.AddDays(-32).AddHours(12),
            Until = midnight.AddDays(-30),
        };
        await using var connection = await Database.OpenConnectionAsync(Cancellation);
        await using var transaction = await connection.BeginTransactionAsync(Cancellation);
        var outside = Enumerable.Range(-80, 80).Except([-32, -31]).Select(day => $"{midnight.AddDays(day):yyyyMMdd}");
        await connection.ExecuteAsync(new CommandDefinition(
            string.Join(';', outside.Select(day => $"LOCK TABLE event_p{day}, enforcement_p{day} IN ACCESS EXCLUSIVE MODE")),
            transaction: transaction, cancellationToken: Cancellation));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(Eventually.Deadline);

        BacktestReport? report = null;
        await foreach (var progress in Get<IRuleBacktester>().RunAsync(request, patience.Token))
        {
            report = progress.Report;
        }

        Assert.That(report!.Days.Select(day => day.Events), Is.EqualTo((long[])[225, 449]).Within(2));
        Assert.That(report.Matches, Is.EqualTo(report.Events));
    }

    private Task WriteAsync(string table, string insert) => ExecuteAsync($"""
        CALL ensure_partitions('{table}', now() - INTERVAL '89 days', now());
        SET session_replication_role = replica;
        {insert};
        SET session_replication_role = origin;
        ANALYZE {table};
        """);

    private static string[] Past(IReadOnlyList<string> relations) => [.. relations.Where(name =>
        name.Split("_p") is ["enforcement" or "execution", { Length: 8 } day]
            && string.CompareOrdinal(day, $"{Now:yyyyMMdd}") <= 0).Distinct()];

    private static void AssertOrdered(Plan plan, string index, int pastDays)
    {
        Assert.That(plan.NodeTypes, Has.None.EqualTo("Sort").And.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(Past(plan.Relations), Has.Length.InRange(1, pastDays), plan.Text);
        Assert.That(plan.Indexes, Is.Not.Empty.And.Some.Contains(index), plan.Text);
    }

    private Task<Plan> ListAsync(EnforcementFilter filter, PageRequest page) =>
        PlanOfAsync(EnforcementQueries.List(filter, page, TimeWindows.Of(Now, filter.Since, filter.Until, page)[0], page.Size + 1));

    private Task<Plan> ListAsync(ExecutionFilter filter, PageRequest page) =>
        PlanOfAsync(ExecutionQueries.List(filter, page, TimeWindows.Of(Now, filter.Since, filter.Until, page)[0], page.Size + 1));

    private Task<Plan> PlanOfAsync((string Sql, object Parameters) query, NpgsqlDataSource? source = null) =>
        Plan.OfAsync(source ?? Database, query, analyze: false, Cancellation);
}
