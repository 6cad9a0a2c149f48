using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Explaining;
using Attune.Modules.Enforcements.Rules;

namespace Attune.Tests.Enforcements;

/// <summary>What is read of the history of rules, where some have very many versions.</summary>
public sealed class RuleHistoryPlanTests : NativeDatabaseTest
{
    // 400 rules on 20 triggers, one of them with 30,000 versions.
    [OneTimeSetUp]
    public async Task WriteVersionsAsync() => await ExecuteAsync(
        """
        SET session_replication_role = replica;
        INSERT INTO rule_version (rule, version, rule_ref, trigger_ref, trigger_params, condition, conditions, action_ref, action_params, created)
        SELECT 1000000 + rule, version, 'plan.rule_' || rule, 'plan.trigger_' || rule % 20, '{}', 'all', '[]', 'core.noop', '{}',
               now() - INTERVAL '80 days' + version * INTERVAL '3 minutes'
          FROM generate_series(1, 400) AS rule
         CROSS JOIN LATERAL generate_series(1, CASE rule WHEN 21 THEN 30000 ELSE 20 END) AS version;
        INSERT INTO rule_switch (rule, at, state)
        SELECT 1000000 + rule, now() - INTERVAL '80 days' + number * INTERVAL '30 minutes', (ARRAY['enabled', 'disabled'])[1 + number % 2]
          FROM generate_series(1, 400) AS rule
         CROSS JOIN generate_series(1, 25) AS number;
        SET session_replication_role = origin;
        ANALYZE rule_version, rule_switch;
        """);

    [TestCase(null, null, "rule_version_created_idx")]
    [TestCase("plan.rule_21", null, "rule_version_rule_ref_idx")]
    [TestCase(null, "plan.trigger_1", "rule_version_trigger_ref_idx")]
    [TestCase("plan.rule_21", "plan.trigger_1", "rule_version_trigger_ref_idx")]
    public async Task The_changes_of_rules_are_found_by_indexes_and_no_further_than_they_are_answered(string? rule, string? trigger, string index)
    {
        var plan = await AnalyzedAsync(RuleChanges.Query(new() { RuleRef = rule, TriggerRef = trigger }));

        Assert.That(plan.NodeTypes, Has.None.EqualTo("Seq Scan"), plan.Text);
        Assert.That(plan.Indexes, Has.Member(index), plan.Text);
        Assert.That(plan.Rows("rule_version"), Is.Not.Empty.And.All.LessThanOrEqualTo(IRuleChanges.Most), plan.Text);
        Assert.That(plan.Rows("rule_switch"), Is.Not.Empty.And.All.LessThanOrEqualTo(IRuleChanges.Most), plan.Text);
    }

    [Test]
    public async Task The_rules_of_an_event_are_a_step_each_however_many_versions_they_have()
    {
        var plan = await AnalyzedAsync((EventRules.ReadAllSql, new
        {
            Id = 7L, Created = DateTimeOffset.UtcNow, TriggerRef = "plan.trigger_1", limit = 501, MostCandidates = 2_000,
        }));

        Assert.That(plan.Indexes, Has.Member("rule_version_trigger_ref_idx").And.Member("rule_version_pkey"), plan.Text);
        Assert.That(plan.Rows("rule_version"), Is.Not.Empty.And.All.LessThanOrEqualTo(1), plan.Text);
    }

    [Test]
    public async Task The_newest_changes_of_all_rules_are_no_more_than_are_answered()
    {
        var changes = await Get<IRuleChanges>().ListAsync(new(), Cancellation);

        Assert.That(changes, Has.Count.EqualTo(IRuleChanges.Most));
        Assert.That(changes.Select(change => change.At), Is.Ordered.Descending);
        Assert.That(changes.Count(change => change.RuleRef == "plan.rule_21"), Is.GreaterThan(IRuleChanges.Most - 20), "what rules of packs said at first");
    }

    private Task<Plan> AnalyzedAsync((string Sql, object Parameters) query) => Plan.OfAsync(Database, query, analyze: true, Cancellation);
}
