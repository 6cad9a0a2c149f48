using System.Text;
using System.Text.Json;
using Attune.Db.Http;

namespace Attune.Tests.Http;

/// <summary>What a body may be, and what its sender is told of one that it may not.</summary>
[TestFixture]
public sealed class ReadingBodiesTests
{
    [Test]
    public void Every_kind_of_field_is_read()
    {
        var read = Read("""
            {"name": "a", "flag": true, "count": -1, "id": 9007199254740993, "kind": "too_large", "at": "2026-01-31 12:00:00+02:00",
             "any": null, "ids": [1, 2], "inner": {"name": "b"}}
            """);

        Assert.That(
            (read.Name, read.Flag, read.Count, read.Id, read.Kind), Is.EqualTo(("a", true, -1, 9007199254740993L, RefusalKind.TooLarge)));
        Assert.That(read.At, Is.EqualTo(new DateTimeOffset(2026, 1, 31, 10, 0, 0, TimeSpan.Zero)));
        Assert.That(read.Any.ValueKind, Is.EqualTo(JsonValueKind.Null), "null is not the same as left out");
        Assert.That(read.Ids, Is.EqualTo((long[])[1, 2]));
        Assert.That(read.Inner!.Name, Is.EqualTo("b"));
    }

    [Test]
    public void A_field_that_is_null_is_as_good_as_none()
    {
        var read = Read("""{"name": null, "flag": null, "count": null, "kind": null, "at": null, "ids": null, "inner": null}""");

        Assert.That(read with { Any = default }, Is.EqualTo(Read("{}") with { Any = default }));
    }

    [Test]
    public void An_instant_without_an_offset_is_UTC() =>
        Assert.That(Read("""{"at": "2026-01-31"}""").At, Is.EqualTo(new DateTimeOffset(2026, 1, 31, 0, 0, 0, TimeSpan.Zero)));

    [TestCase("""{"name": 5}""", "name", "name must be text, not a number.")]
    [TestCase("""{"name": {}}""", "name", "name must be text, not an object.")]
    [TestCase("""{"flag": "yes"}""", "flag", "flag must be true or false, not text.")]
    [TestCase("""{"flag": 1}""", "flag", "flag must be true or false, not a number.")]
    [TestCase("""{"count": "5"}""", "count", "count must be a whole number from -2147483648 to 2147483647, not text.")]
    [TestCase("""{"count": 3000000000}""", "count", "count must be a whole number from -2147483648 to 2147483647, not '3000000000'.")]
    [TestCase("""{"id": 1.5}""", "id", "id must be a whole number, not '1.5'.")]
    [TestCase("""{"kind": "large"}""", "kind", "not 'large'.")]
    [TestCase("""{"kind": 1}""", "kind", "kind must be one of malformed, unauthenticated,")]
    [TestCase("""{"at": "yesterday"}""", "at", "at must be an RFC 3339 date and time such as 2026-01-31T12:00:00Z, not 'yesterday'.")]
    [TestCase("""{"ids": 5}""", "ids", "ids must be an array, not a number.")]
    [TestCase("""{"ids": [1, "x"]}""", "ids[1]", "ids[1] must be a whole number, not text.")]
    [TestCase("""{"ids": [null]}""", "ids[0]", "ids[0] must be a whole number, not null.")]
    [TestCase("""{"inner": []}""", "inner", "inner must be an object, not an array.")]
    [TestCase("""{"inner": {"name": true}}""", "inner.name", "inner.name must be text, not true or false.")]
    public void A_value_of_another_kind_is_refused_with_its_place_and_what_was_expected(string body, string field, string words)
    {
        var refused = Refused(body);

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, field)));
        Assert.That(refused.Message, Does.Contain(words));
    }

    [TestCase("""{"nam": "a"}""", "nam", "name, flag, count, id, kind, at, any, ids, inner.")]
    [TestCase("""{"Name": "a"}""", "Name", "name, flag, count, id, kind, at, any, ids, inner.")]
    [TestCase("""{"name": "a", "inner": {"nam": "b"}}""", "inner.nam", "there are name.")]
    public void A_field_that_nobody_knows_is_refused_with_its_place_and_those_that_there_are(string body, string field, string words)
    {
        var refused = Refused(body);

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, field)));
        Assert.That(refused.Message, Does.StartWith($"{field} is no field here; there are").And.EndsWith(words));
    }

    [Test]
    public void A_name_of_any_length_is_shown_by_its_beginning() =>
        Assert.That(Refused($$"""{"{{new string('n', 10_000)}}": 1}""").Message, Has.Length.LessThan(500));

    [Test]
    public void The_fields_of_an_answer_may_be_sent_back_and_are_not_among_those_that_are_told()
    {
        var read = JsonBodies.Read<ThingUpdate>(
            """{"id": 5, "name": "a", "size": {"a": [1]}, "hidden": true}"""u8, 1000, isOptional: false);

        Assert.That(read, Is.EqualTo(new ThingUpdate { Name = "a" }));
        Assert.That(JsonBodies.Fields(typeof(ThingUpdate)), Is.EqualTo((string[])["name"]));
        Assert.That(() => JsonBodies.Read<ThingUpdate>("""{"sise": 1}"""u8, 1000, isOptional: false), Throws.InstanceOf<RefusedException>()
            .With.Message.EqualTo("sise is no field here; there are name."));
    }

    [TestCase("""{"name": "a\u0000"}""", "name")]
    [TestCase("""{"any": {"x": ["\ud800"]}}""", "any.x[0]")]
    [TestCase("""{"any": 1e999999}""", "any")]
    public void A_value_that_cannot_be_stored_is_refused_with_its_place(string body, string field)
    {
        var refused = Refused(body);

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, field)));
        Assert.That(refused.Message, Does.StartWith(field));
    }

    [Test]
    public void A_body_may_begin_with_a_byte_order_mark_and_white_space() =>
        Assert.That(
            JsonBodies.Read<Thing>([0xEF, 0xBB, 0xBF, .. " \r\n{\"name\": \"a\"}\n"u8], 1000, isOptional: false).Name, Is.EqualTo("a"));

    [TestCase("")]
    [TestCase(" \n")]
    [TestCase("null")]
    public void A_body_that_may_be_left_out_is_then_one_without_fields(string body)
    {
        Assert.That(JsonBodies.Read<ThingUpdate>(Encoding.UTF8.GetBytes(body), 1000, isOptional: true), Is.EqualTo(new ThingUpdate()));
        Assert.That(Refused(body).Message, Is.EqualTo("The body must be a JSON object; there was none."));
    }

    [TestCase("{\"a\": 1,\n \"b\": tru}", "line 2, column 10")]
    [TestCase("{\"ä\u20ac\ud83d\ude00\": x}", "'x' cannot stand at line 1, column 9.")]
    [TestCase("{\"a\": 1} {", "'{' cannot stand at line 1, column 10.")]
    [TestCase("{\"a\": \"b\tc\"}", "U+0009 cannot stand at line 1, column 9.")]
    [TestCase("{\"a\": [1, 2", "it ends too soon, at line 1, column 12.")]
    [TestCase("{'a': 1}", "''' cannot stand at line 1, column 2.")]
    [TestCase("{\"a\": 1 // no\n}", "cannot stand at line 1, column 9.")]
    public void Text_that_is_no_JSON_is_refused_with_its_line_and_column(string body, string words)
    {
        var refused = Refused(body);

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Malformed, (string?)null)));
        Assert.That(refused.Message, Does.StartWith("The body is not JSON: ").And.Contain(words).And.Not.Contain("LineNumber"));
    }

    [Test]
    public void Numbers_that_are_long_when_written_out_are_too_large() =>
        Assert.That(Refused("""{"any": [1e600, 1e600]}""").Kind, Is.EqualTo(RefusalKind.TooLarge));

    private static Thing Read(string body) => JsonBodies.Read<Thing>(Encoding.UTF8.GetBytes(body), 1000, isOptional: false);

    private static RefusedException Refused(string body) => Assert.Throws<RefusedException>(() => Read(body))!;

    private sealed record Thing
    {
        public string? Name { get; init; }
        public bool? Flag { get; init; }
        public int? Count { get; init; }
        public long? Id { get; init; }
        public RefusalKind? Kind { get; init; }
        public DateTimeOffset? At { get; init; }
        public JsonElement Any { get; init; }
        public long[]? Ids { get; init; }
        public Inner? Inner { get; init; }
    }

    private sealed record Inner
    {
        public string? Name { get; init; }
    }

    [TakesBack(typeof(Answer))]
    private sealed record ThingUpdate
    {
        public string? Name { get; init; }
    }

    private sealed record Answer(long Id, string Name, JsonElement Size, bool Hidden);
}
