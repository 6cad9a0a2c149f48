using System.Text.Json;
using Attune.Modules.Events;
using Attune.Modules.Events.Ledger;

namespace Attune.Tests.Events;

[TestFixture]
public sealed class EventDigestTests
{
    private static string Of(string? payload, string trigger = "a.b") => Convert.ToHexString(EventDigest.Of(
        new NewEvent { TriggerRef = trigger, Payload = payload is null ? null : JsonElement.Parse(payload) }));

    [TestCase("""{"a": 1, "b": 2}""", """{"b":2,"a":1}""")]
    [TestCase("""{"a": 1, "a": 2}""", """{"a": 2}""")]
    [TestCase("10", "1e1")]
    [TestCase("10", "10.00")]
    [TestCase("0.5", "5E-1")]
    [TestCase("-0", "0e999999999999")]
    [TestCase("\"\\u00fc\"", "\"ü\"")]
    public void Spellings_of_one_value_have_one_digest(string one, string other) => Assert.That(Of(one), Is.EqualTo(Of(other)));

    [TestCase("1", "10")]
    [TestCase("1", "-1")]
    [TestCase("1", "\"1\"")]
    [TestCase("9007199254740993", "9007199254740992")]
    [TestCase("null", "false")]
    [TestCase("null", null)]
    [TestCase("[1, [2]]", "[[1], 2]")]
    [TestCase("""["a", "b"]""", """["ab"]""")]
    [TestCase("""{"a": "b"}""", """["a", "b"]""")]
    [TestCase("{}", "[]")]
    public void Values_that_differ_have_other_digests(string one, string? other) => Assert.That(Of(one), Is.Not.EqualTo(Of(other)));

    [Test]
    public void Another_trigger_or_rule_has_another_digest()
    {
        var meant = EventDigest.Of(new NewEvent { TriggerRef = "a.b", Target = new(5, "a.rule") });

        Assert.That(Of(null, "a.c"), Is.Not.EqualTo(Of(null)));
        Assert.That(Convert.ToHexString(meant), Is.Not.EqualTo(Of(null)));
    }
}
