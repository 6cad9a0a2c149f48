using Attune.Modules.Enforcements;

namespace Attune.Tests.Enforcements;

/// <summary>When rules were changed, to be seen beside what came of it.</summary>
public sealed class RuleChangesTests(DatabaseEngine engine) : EnforcementsTest(engine)
{
    [Test]
    public async Task Each_change_and_each_switch_of_a_rule_is_told_with_what_it_was()
    {
        var trigger = await NewTriggerAsync();
        var rule = await NewRuleAsync(trigger);
        await Rules.UpdateAsync(rule.Ref, new() { ActionParams = Parsed("""{"message": "other"}""") }, Cancellation);
        await Rules.UpdateAsync(rule.Ref, new() { State = RuleState.Disabled }, Cancellation);

        var ofRule = await Get<IRuleChanges>().ListAsync(new() { RuleRef = rule.Ref }, Cancellation);
        var ofTrigger = await Get<IRuleChanges>().ListAsync(new() { TriggerRef = trigger }, Cancellation);

        Assert.That(
            ofRule.Select(change => (change.Version, change.State, change.StateBefore)),
            Is.EquivalentTo(((int?, string?, string?)[])[(null, "disabled", "enabled"), (2, null, null), (1, null, null), (null, "enabled", null)]));
        Assert.That(ofRule.Single(change => change.Version == 2).Changed, Is.EqualTo((string[])["action parameters"]));
        Assert.That(ofRule.Select(change => change.At), Is.Ordered.Descending);
        Assert.That(ofTrigger.Select(change => change.At), Is.EqualTo(ofRule.Select(change => change.At)));
    }

    [Test]
    public async Task Changes_outside_the_range_are_left_out()
    {
        var rule = await NewRuleAsync(await NewTriggerAsync());

        Assert.That(
            await Get<IRuleChanges>().ListAsync(new() { RuleRef = rule.Ref, Until = DateTimeOffset.UtcNow.AddDays(-1) }, Cancellation), Is.Empty);
        Assert.That(await Get<IRuleChanges>().ListAsync(new() { RuleRef = "a\0b" }, Cancellation), Is.Empty);
    }
}
