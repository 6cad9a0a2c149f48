using System.Text.Json;
using Attune.Modules.Enforcements.Actions;
using Attune.Modules.Enforcements.Executions;
using Attune.Modules.Enforcements.Workers;

namespace Attune.Tests.Enforcements;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ActionHandsTests
{
    private readonly ActionHands _hands = new([Of("test.many", 1_000), Of("test.usual", 200), Of("test.few", 3)]);

    [Test]
    public void Actions_with_room_for_a_batch_share_a_claim_and_one_of_few_has_its_own() =>
        Assert.That(Claims(), Is.EqualTo(new[] { "test.many test.usual 100", "test.few 3" }));

    [Test]
    public void An_action_that_has_no_room_for_a_batch_is_not_asked_for_until_it_has_and_the_others_are()
    {
        Take("test.usual", 101);

        Assert.That((Claims()[0], _hands.IsAnyFull), Is.EqualTo(("test.many 100", true)));
        _hands.Release(Execution("test.usual"));
        Assert.That((Claims()[0], _hands.IsAnyFull), Is.EqualTo(("test.many test.usual 100", false)));
    }

    [Test]
    public void An_action_of_few_is_asked_for_what_is_free()
    {
        Take("test.few", 2);
        Assert.That(Claims()[^1], Is.EqualTo("test.few 1"));

        Take("test.few", 1);
        Assert.That((Claims(), _hands.IsAnyFull), Is.EqualTo((new[] { "test.many test.usual 100" }, true)));
    }

    [Test]
    public void An_action_whose_parameters_take_much_memory_is_not_asked_for_meanwhile()
    {
        var large = Execution("test.many") with { Config = JsonElement.Parse($"\"{new string('x', 40_000_000)}\"") };
        _hands.Take(large);
        Assert.That(Claims()[0], Is.EqualTo("test.many test.usual 100"));

        _hands.Take(large);
        Assert.That(Claims()[0], Is.EqualTo("test.usual 100"));

        _hands.Release(large);
        Assert.That(Claims()[0], Is.EqualTo("test.many test.usual 100"));
    }

    [TestCase(0)]
    [TestCase(10_001)]
    public void An_action_of_none_or_of_too_many_at_once_is_refused(int mostAtOnce) => Assert.That(
        () => Of("test.wrong", mostAtOnce), Throws.ArgumentException.With.Message.Contains("MostAtOnce must be between 1 and 10000"));

    private static RegisteredAction Of(string reference, int mostAtOnce) =>
        RegisteredAction.Of(typeof(NoopAction), reference, new() { MostAtOnce = mostAtOnce });

    private static ClaimedExecution Execution(string action) => new()
    {
        Id = 1, Created = DateTimeOffset.UnixEpoch, Worker = 1, StartedAt = DateTimeOffset.UnixEpoch, ActionRef = action, RetryCount = 0,
    };

    private void Take(string action, int count)
    {
        for (var taken = 0; taken < count; taken++)
        {
            _hands.Take(Execution(action));
        }
    }

    private string[] Claims() => [.. _hands.Claims().Select(claim => $"{string.Join(' ', claim.Actions)} {claim.Size}")];
}
