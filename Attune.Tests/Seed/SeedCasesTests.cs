using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Enforcements;
using Attune.Modules.Events;
using Attune.Modules.History;
using Microsoft.Extensions.Logging.Abstractions;

namespace Attune.Tests.Seed;

/// <summary>The cases of the document that this project began with: two ledgers, partitioned, without a history of their own.</summary>
public sealed class SeedCasesTests(DatabaseEngine engine) : DatabaseTest(engine)
{
    private IEnforcementRepository Enforcements => Get<IEnforcementRepository>();

    private IEventRepository Events => Get<IEventRepository>();

    [Test]
    public async Task Event_created_is_set_by_the_database()
    {
        await TriggerAsync("seed.created");
        var before = await ClockAsync();

        var appended = await AppendAsync("seed.created");

        Assert.That(appended.Created, Is.InRange(before, await ClockAsync()));
        Assert.That((await Events.FindAsync(appended.Id, Cancellation))!.Created, Is.EqualTo(appended.Created));
    }

    [Test]
    public async Task An_enforcement_for_an_event_that_does_not_exist_is_accepted()
    {
        var created = await PendingAsync("seed.nothing", happened: 987_654_321);

        var read = (await Enforcements.FindAsync(created.Id, Cancellation))!;

        Assert.That(read.Event, Is.EqualTo(987_654_321));
        Assert.That(await Events.FindAsync(987_654_321, Cancellation), Is.Null);
    }

    [Test]
    public async Task Deleting_an_event_leaves_the_enforcements_event_as_it_was()
    {
        await TriggerAsync("seed.deleted");
        await RuleAsync("seed.of_deleted", "seed.deleted");
        var appended = await AppendAsync("seed.deleted");
        var enforcement = appended.Matched.Single().Enforcement;
        var before = await RowAsync("enforcement", enforcement);

        Assert.That(await Database.DeleteRowAsync("event", appended.Id, Cancellation), Is.True);

        Assert.That(await Events.FindAsync(appended.Id, Cancellation), Is.Null);
        Assert.That(await RowAsync("enforcement", enforcement), Is.EqualTo(before));
        Assert.That((await Enforcements.FindAsync(enforcement, Cancellation))!.Event, Is.EqualTo(appended.Id));
    }

    [Test]
    public async Task Deleting_an_enforcement_leaves_the_executions_enforcement_as_it_was()
    {
        await TriggerAsync("seed.dropped");
        await RuleAsync("seed.of_dropped", "seed.dropped");
        var enforcement = (await AppendAsync("seed.dropped")).Matched.Single().Enforcement;
        await ResolveAllAsync();
        var execution = await ScalarAsync<long>("SELECT id FROM execution WHERE enforcement = @enforcement", new { enforcement });
        var before = await RowAsync("execution", execution);

        Assert.That(await Database.DeleteRowAsync("enforcement", enforcement, Cancellation), Is.True);

        Assert.That(await RowAsync("execution", execution), Is.EqualTo(before));
    }

    [TestCase(EnforcementStatus.Processed)]
    [TestCase(EnforcementStatus.Disabled)]
    public async Task Enforcement_resolved_at_is_null_while_pending_and_set_once_with_its_status(EnforcementStatus status)
    {
        var pending = await PendingAsync("seed.lifecycle");
        Assert.That((pending.Status, pending.ResolvedAt), Is.EqualTo((EnforcementStatus.Created, (DateTimeOffset?)null)));
        var before = await ClockAsync();

        await Database.ResolveEnforcementAsync(pending.Id, status, Cancellation);
        var resolved = (await Enforcements.FindAsync(pending.Id, Cancellation))!;
        Assert.That(resolved.Status, Is.EqualTo(status));
        Assert.That(resolved.ResolvedAt, Is.InRange(before, await ClockAsync()));

        var other = status == EnforcementStatus.Processed ? EnforcementStatus.Disabled : EnforcementStatus.Processed;
        Assert.That(await Database.ResolveEnforcementAsync(pending.Id, other, Cancellation), Is.False);
        var again = (await Enforcements.FindAsync(pending.Id, Cancellation))!;
        Assert.That((again.Status, again.ResolvedAt), Is.EqualTo((resolved.Status, resolved.ResolvedAt)));
    }

    [Test]
    public async Task Nothing_of_an_enforcement_changes_but_its_status_and_resolved_at()
    {
        await TriggerAsync("seed.changes");
        await RuleAsync("seed.of_changes", "seed.changes");
        var enforcement = (await AppendAsync("seed.changes")).Matched.Single().Enforcement;
        var before = JsonElement.Parse(await RowAsync("enforcement", enforcement));

        await ResolveAllAsync();

        var after = JsonElement.Parse(await RowAsync("enforcement", enforcement));
        var changed = after.EnumerateObject().Where(field => !JsonElement.DeepEquals(field.Value, before.GetProperty(field.Name)));
        Assert.That(changed.Select(field => field.Name), Is.EquivalentTo((string[])["status", "resolved_at"]));
    }

    [Test]
    public async Task A_deleted_rule_leaves_references_and_ids_in_place()
    {
        await TriggerAsync("seed.ruled");
        var rule = await RuleAsync("seed.gone_rule", "seed.ruled");
        var appended = await AppendAsync("seed.ruled");
        await ResolveAllAsync();
        var before = await LedgerAsync(appended);

        Assert.That(await Get<IRuleRepository>().DeleteAsync("seed.gone_rule", Cancellation), Is.True);

        Assert.That(await LedgerAsync(appended), Is.EqualTo(before));
        var enforcement = (await Enforcements.FindAsync(appended.Matched.Single().Enforcement, Cancellation))!;
        Assert.That((enforcement.Rule, enforcement.RuleRef), Is.EqualTo((rule.Id, "seed.gone_rule")));
        Assert.That(await Get<IRuleRepository>().FindVersionAsync(rule.Id, enforcement.RuleVersion ?? 0, Cancellation), Is.Not.Null);
    }

    [Test]
    public async Task A_deleted_trigger_leaves_references_and_ids_in_place()
    {
        var trigger = await TriggerAsync("seed.gone_trigger");
        await RuleAsync("seed.of_gone_trigger", "seed.gone_trigger");
        var appended = await AppendAsync("seed.gone_trigger");
        await ResolveAllAsync();
        var before = await LedgerAsync(appended);

        Assert.That(await Get<ITriggerRepository>().DeleteAsync("seed.gone_trigger", Cancellation), Is.True);

        Assert.That(await LedgerAsync(appended), Is.EqualTo(before));
        var kept = (await Events.FindAsync(appended.Id, Cancellation))!;
        Assert.That((kept.Trigger, kept.TriggerRef), Is.EqualTo((trigger.Id, "seed.gone_trigger")));
    }

    [Test]
    public async Task An_enforcement_whose_rule_was_deleted_before_is_resolved_as_disabled()
    {
        await TriggerAsync("seed.late");
        await RuleAsync("seed.of_late", "seed.late");
        var enforcement = (await AppendAsync("seed.late")).Matched.Single().Enforcement;

        await Get<IRuleRepository>().DeleteAsync("seed.of_late", Cancellation);
        await ResolveAllAsync();

        var resolved = (await Enforcements.FindAsync(enforcement, Cancellation))!;
        Assert.That(resolved.Status, Is.EqualTo(EnforcementStatus.Disabled));
        Assert.That(resolved.ResolvedAt, Is.Not.Null);
        Assert.That(
            await ScalarAsync<long>("SELECT count(*) FROM execution WHERE enforcement = @enforcement", new { enforcement }), Is.Zero);
    }

    [Test]
    public async Task The_history_knows_executions_and_workers_and_has_nothing_of_events_and_enforcements()
    {
        await TriggerAsync("seed.history");
        await RuleAsync("seed.of_history", "seed.history");
        await AppendAsync("seed.history");
        await ResolveAllAsync();

        Assert.That(Enum.GetNames<HistoryEntityType>(), Is.EqualTo((string[])["Execution", "Worker"]));
        Assert.That(HistoryEntityTypes.TryParse("event"), Is.Null);
        Assert.That(HistoryEntityTypes.TryParse("enforcement"), Is.Null);
        Assert.That(
            await QueryAsync<string>(
                """
                SELECT table_name
                  FROM information_schema.tables
                 WHERE table_schema = 'attune'
                   AND (table_name LIKE 'event\_history%' OR table_name LIKE 'enforcement\_history%')
                """),
            Is.Empty);
    }

    [TestCase(typeof(Event))]
    [TestCase(typeof(EventSummary))]
    [TestCase(typeof(Enforcement))]
    [TestCase(typeof(EnforcementSummary))]
    public void Neither_events_nor_enforcements_have_an_updated(Type row) =>
        Assert.That(row.GetProperties().Select(property => property.Name), Has.None.Contains("Updated"));

    [TestCase("event")]
    [TestCase("enforcement")]
    public async Task The_primary_key_is_id_and_created(string table) =>
        Assert.That(
            await ScalarAsync<string>(
                "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = @table::regclass AND contype = 'p'", new { table }),
            Is.EqualTo("PRIMARY KEY (id, created)"));

    private async Task<Trigger> TriggerAsync(string reference) =>
        await Get<ITriggerRepository>().CreateAsync(new NewTrigger { Ref = reference, Label = reference }, Cancellation);

    private async Task<Rule> RuleAsync(string reference, string trigger) => await Get<IRuleRepository>().CreateAsync(
        new NewRule { Ref = reference, Label = reference, TriggerRef = trigger, ActionRef = "core.echo" }, Cancellation);

    private async Task<AppendedEvent> AppendAsync(string trigger) => await Get<IEventLedger>().AppendAsync(
        new NewEvent { TriggerRef = trigger, Payload = JsonElement.Parse("""{"n": 1}""") }, Cancellation);

    private async Task<Enforcement> PendingAsync(string reference, long? happened = null) => (await Enforcements.FindAsync(
        await Database.InsertEnforcementAsync(new() { RuleRef = reference, TriggerRef = reference, Event = happened }, Cancellation),
        Cancellation))!;

    private async Task ResolveAllAsync()
    {
        var resolver = new EnforcementResolver(Database, NullLogger<EnforcementResolver>.Instance);
        while (await resolver.ResolveBatchAsync(TimeRange.Always.Since, EnforcementResolver.BatchSize, Cancellation) > 0)
        {
        }
    }

    /// <summary>Everything that is written about an event, as it lies in the tables.</summary>
    private async Task<string> LedgerAsync(AppendedEvent appended)
    {
        var enforcement = appended.Matched.Single().Enforcement;
        var execution = await ScalarAsync<long>("SELECT id FROM execution WHERE enforcement = @enforcement", new { enforcement });
        return string.Join(
            '\n', await RowAsync("event", appended.Id), await RowAsync("enforcement", enforcement), await RowAsync("execution", execution));
    }

    private Task<string> RowAsync(string table, long id) =>
        ScalarAsync<string>($"SELECT to_jsonb({table})::text FROM {table} WHERE id = @id", new { id });

    private async Task<DateTimeOffset> ClockAsync() => new(await ScalarAsync<DateTime>("SELECT clock_timestamp()"), TimeSpan.Zero);
}
