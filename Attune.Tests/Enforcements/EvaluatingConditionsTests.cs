using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Rules.Conditions;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class EvaluatingConditionsTests
{
    private const string Payload = """
        {
          "text": "Straße nach Köln", "empty": "", "number": 3, "decimal": 2.50, "negative": -7, "big": 12345678901234567890123456789,
          "yes": true, "no": false, "nothing": null, "list": [1, "two", {"a": 1, "b": [2]}, null], "empty_list": [],
          "object": {"a": 1, "b": [2, {"c": "deep"}]}, "a": {"b": {"c": "nested"}}, "0": "zero", "with space": 1, "huge": 1e300
        }
        """;

    private static readonly JsonElement Event = JsonElement.Parse(Payload);

    // Equality is exact and of one type.
    [TestCase("text", "equals", "\"Straße nach Köln\"", "True")]
    [TestCase("text", "equals", "\"straße nach köln\"", "False")]
    [TestCase("text", "equals", "3", "False")]
    [TestCase("number", "equals", "3", "True")]
    [TestCase("number", "equals", "3.0", "True")]
    [TestCase("number", "equals", "3e0", "True")]
    [TestCase("number", "equals", "0.3E+1", "True")]
    [TestCase("number", "equals", "\"3\"", "False")]
    [TestCase("number", "not_equals", "\"3\"", "True")]
    [TestCase("number", "not_equals", "3.00", "False")]
    [TestCase("decimal", "equals", "2.5", "True")]
    [TestCase("decimal", "equals", "25e-1", "True")]
    [TestCase("big", "equals", "12345678901234567890123456789", "True")]
    [TestCase("big", "equals", "12345678901234567890123456788", "False")]
    [TestCase("big", "equals", "1.2345678901234567890123456789e28", "True")]
    [TestCase("yes", "equals", "true", "True")]
    [TestCase("yes", "equals", "1", "False")]
    [TestCase("nothing", "equals", "null", "True")]
    [TestCase("nothing", "not_equals", "null", "False")]
    [TestCase("text", "equals", "null", "False")]
    [TestCase("object", "equals", """{"b": [2.0, {"c": "deep"}], "a": 1}""", "True")]
    [TestCase("object", "equals", """{"a": 1}""", "False")]
    [TestCase("object", "equals", """{"a": 1, "b": [{"c": "deep"}, 2]}""", "False")]
    [TestCase("list", "equals", """[1.0, "two", {"b": [2], "a": 1}, null]""", "True")]
    [TestCase("list", "equals", """[1, "two"]""", "False")]
    [TestCase("missing", "equals", "1", "Unknown")]
    [TestCase("missing", "equals", "null", "Unknown")]
    [TestCase("missing", "not_equals", "1", "Unknown")]
    // Texts hold texts, lists hold values.
    [TestCase("text", "contains", "\"nach\"", "True")]
    [TestCase("text", "contains", "\"NACH\"", "False")]
    [TestCase("text", "contains", "\"\"", "True")]
    [TestCase("text", "contains", "3", "Unknown")]
    [TestCase("text", "not_contains", "\"Bonn\"", "True")]
    [TestCase("text", "not_contains", "\"nach\"", "False")]
    [TestCase("list", "contains", "1.0", "True")]
    [TestCase("list", "contains", "\"1\"", "False")]
    [TestCase("list", "contains", "\"two\"", "True")]
    [TestCase("list", "contains", """{"b": [2e0], "a": 1}""", "True")]
    [TestCase("list", "contains", "null", "True")]
    [TestCase("list", "not_contains", "2", "True")]
    [TestCase("empty_list", "contains", "1", "False")]
    [TestCase("object", "contains", "\"a\"", "Unknown")]
    [TestCase("object", "not_contains", "\"a\"", "Unknown")]
    [TestCase("number", "contains", "3", "Unknown")]
    [TestCase("missing", "not_contains", "1", "Unknown")]
    [TestCase("text", "starts_with", "\"Stra\"", "True")]
    [TestCase("text", "starts_with", "\"stra\"", "False")]
    [TestCase("text", "starts_with", "\"Strasse\"", "False")]
    [TestCase("text", "ends_with", "\"Köln\"", "True")]
    [TestCase("number", "starts_with", "\"3\"", "Unknown")]
    [TestCase("missing", "ends_with", "\"x\"", "Unknown")]
    [TestCase("text", "matches", "\"^Stra.e\"", "True")]
    [TestCase("text", "matches", "\"(?i)KÖLN$\"", "True")]
    [TestCase("text", "matches", "\"^nach\"", "False")]
    [TestCase("number", "matches", "\"3\"", "Unknown")]
    // Order is of numbers and of texts.
    [TestCase("number", "greater_than", "2.9999999999999999999999999", "True")]
    [TestCase("number", "greater_than", "3.0", "False")]
    [TestCase("number", "greater_or_equal", "3.0", "True")]
    [TestCase("number", "less_than", "3.0000000000000000000000001", "True")]
    [TestCase("number", "less_or_equal", "2", "False")]
    [TestCase("negative", "less_than", "-6.5", "True")]
    [TestCase("negative", "less_than", "-7.5", "False")]
    [TestCase("negative", "greater_than", "-1e10", "True")]
    [TestCase("big", "greater_than", "12345678901234567890123456788.5", "True")]
    [TestCase("huge", "less_than", "1e301", "True")]
    [TestCase("huge", "greater_than", "1e-900", "True")]
    [TestCase("text", "greater_than", "\"Strafe\"", "True")]
    [TestCase("text", "less_than", "\"Z\"", "True")]
    [TestCase("text", "greater_than", "3", "Unknown")]
    [TestCase("yes", "greater_than", "0", "Unknown")]
    [TestCase("nothing", "less_than", "1", "Unknown")]
    [TestCase("missing", "less_than", "1", "Unknown")]
    // Lists to choose from.
    [TestCase("number", "in", "[1, 2, 3.0]", "True")]
    [TestCase("number", "in", "[\"3\"]", "False")]
    [TestCase("number", "in", "[]", "False")]
    [TestCase("nothing", "in", "[null]", "True")]
    [TestCase("object", "in", """[{"b": [2, {"c": "deep"}], "a": 1.0}]""", "True")]
    [TestCase("number", "not_in", "[1, 2]", "True")]
    [TestCase("number", "not_in", "[3]", "False")]
    [TestCase("missing", "in", "[1]", "Unknown")]
    [TestCase("missing", "not_in", "[1]", "Unknown")]
    // Presence: null is there.
    [TestCase("nothing", "exists", "null", "True")]
    [TestCase("missing", "exists", "null", "False")]
    [TestCase("missing", "not_exists", "null", "True")]
    [TestCase("nothing", "not_exists", "null", "False")]
    [TestCase("text.more", "exists", "null", "False")]
    // Paths.
    [TestCase("a.b.c", "equals", "\"nested\"", "True")]
    [TestCase("event.payload.a.b.c", "equals", "\"nested\"", "True")]
    [TestCase("payload.a.b.c", "exists", "null", "False")]
    [TestCase("list.0", "equals", "1", "True")]
    [TestCase("list.2.b.0", "equals", "2", "True")]
    [TestCase("list.3", "equals", "null", "True")]
    [TestCase("list.4", "exists", "null", "False")]
    [TestCase("list.-1", "exists", "null", "False")]
    [TestCase("list.99999999999999999999", "exists", "null", "False")]
    [TestCase("0", "equals", "\"zero\"", "True")]
    [TestCase("with space", "equals", "1", "True")]
    [TestCase("event.payload", "exists", "null", "True")]
    public void A_condition_comes_to(string field, string @operator, string value, string expected) =>
        Assert.That(One(field, @operator, value).Try(Event).ToString(), Is.EqualTo(expected));

    [TestCase("1e999999", "1e999999", "True")]
    [TestCase("1e999999", "10e999998", "True")]
    [TestCase("1e999999", "1e999998", "False")]
    [TestCase("1e99999999999999999999", "1e99999999999999999999", "True")]
    [TestCase("1e99999999999999999999", "1e99999999999999999998", "False")]
    [TestCase("-0", "0.000", "True")]
    [TestCase("0e99", "0", "True")]
    public void Numbers_of_any_size_compare_without_being_expanded(string left, string right, string expected) =>
        Assert.That(
            JsonValues.AreEqual(JsonElement.Parse(left), JsonElement.Parse(right)).ToString(),
            Is.EqualTo(expected));

    // T true, F false, U unknown.
    [TestCase("all", "TT", "True")]
    [TestCase("all", "TF", "False")]
    [TestCase("all", "TU", "Unknown")]
    [TestCase("all", "UF", "False")]
    [TestCase("all", "UU", "Unknown")]
    [TestCase("any", "FF", "False")]
    [TestCase("any", "FT", "True")]
    [TestCase("any", "UT", "True")]
    [TestCase("any", "FU", "Unknown")]
    [TestCase("any", "UU", "Unknown")]
    [TestCase("all", "", "True")]
    [TestCase("any", "", "True")]
    public void Conditions_are_joined_as_in_Kleenes_logic(string join, string verdicts, string expected)
    {
        var conditions = verdicts.Select(verdict => verdict switch
        {
            'T' => """{"field": "number", "operator": "equals", "value": 3}""",
            'F' => """{"field": "number", "operator": "equals", "value": 4}""",
            _ => """{"field": "missing", "operator": "equals", "value": 4}""",
        });

        var parsed = RuleConditions.Parse(JsonElement.Parse($"[{string.Join(',', conditions)}]"), Enum.Parse<ConditionJoin>(join, true));

        Assert.That(parsed.Try(Event).ToString(), Is.EqualTo(expected));
    }

    [Test]
    public void Without_a_payload_nothing_is_there()
    {
        Assert.That(One("number", "equals", "3").Try(null), Is.EqualTo(Verdict.Unknown));
        Assert.That(One("number", "not_exists", "null").Try(null), Is.EqualTo(Verdict.True));
        Assert.That(One("event.payload", "exists", "null").Try(null), Is.EqualTo(Verdict.False));
    }

    [Test]
    public void A_payload_that_is_no_object_can_be_tested_as_a_whole()
    {
        Assert.That(One("event.payload", "contains", "2").Try(JsonElement.Parse("[1, 2]")), Is.EqualTo(Verdict.True));
        Assert.That(One("1", "equals", "2").Try(JsonElement.Parse("[1, 2]")), Is.EqualTo(Verdict.True));
        Assert.That(One("number", "equals", "2").Try(JsonElement.Parse("\"text\"")), Is.EqualTo(Verdict.Unknown));
    }

    [Test]
    public void Of_a_key_that_is_there_twice_the_last_counts()
    {
        var payload = JsonElement.Parse("""{"a": 1, "a": 2, "o": {"x": 1, "x": 2}}""");

        Assert.That(One("a", "equals", "2").Try(payload), Is.EqualTo(Verdict.True));
        Assert.That(One("o", "equals", """{"x": 2}""").Try(payload), Is.EqualTo(Verdict.True));
    }

    [Test]
    public void A_pattern_that_takes_too_long_is_unknown_and_does_not_hang()
    {
        var payload = JsonElement.Parse($$"""{"text": "{{new string('a', 200_000)}}"}""");

        Assert.That(One("text", "matches", "\"(a|b|ab){1000}c\"").Try(payload), Is.Not.EqualTo(Verdict.True));
    }

    [Test]
    public void A_long_list_of_objects_is_soon_compared_with_a_large_one()
    {
        var list = $"[{string.Join(',', Enumerable.Repeat("""{"x": 1}""", 20_000))}]";
        var members = string.Join(',', Enumerable.Range(0, 50_000).Select(number => $"\"k{number}\": {number}"));
        var large = JsonElement.Parse("{\"o\": {" + members + "}}");
        var condition = One("o", "in", list);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var verdict = condition.Try(large);

        Assert.That(verdict, Is.EqualTo(Verdict.False));
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(
            100_000_000), "the large one is not gone through for each of the others");
    }

    [Test]
    public void A_condition_tells_what_it_found()
    {
        var condition = One("a.b.c", "equals", "\"other\"").Explain(Event)[0];

        Assert.That(condition.Verdict, Is.EqualTo(Verdict.False));
        Assert.That(condition.Actual!.Value.GetString(), Is.EqualTo("nested"));
        Assert.That((condition.Field, condition.Operator, condition.Expected!.Value.GetString()), Is.EqualTo(("a.b.c", "equals", "other")));
    }

    private static RuleConditions One(string field, string @operator, string value) => RuleConditions.Parse(
        JsonElement.Parse($$"""[{"field": "{{field}}", "operator": "{{@operator}}", "value": {{value}}}]"""), ConditionJoin.All);
}
