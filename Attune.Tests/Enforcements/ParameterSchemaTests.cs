using System.Text.Json;
using Attune.Modules.Enforcements.Actions.Schemas;

namespace Attune.Tests.Enforcements;

[TestFixture]
public sealed class ParameterSchemaTests
{
    private const string Schema = """
        {
          "name": {"type": "string", "required": true, "description": "Who."},
          "count": {"type": "integer", "minimum": 1, "maximum": 10, "default": 3},
          "ratio": {"type": "number", "minimum": 0},
          "kind": {"enum": ["a", 1, null]},
          "list": {"type": "array"},
          "map": {"type": "object"},
          "on": {"type": "boolean", "position": 7},
          "password": {"type": "string", "secret": true}
        }
        """;

    [TestCase("""{"name": "x"}""")]
    [TestCase("""{"name": "x", "other": [1]}""")]
    [TestCase("""{"name": "x", "count": 10.0, "ratio": 1e-9, "kind": 1, "list": [], "map": {}, "on": false}""")]
    [TestCase("""{"name": "x", "count": null, "kind": null}""")]
    public void Parameters_that_the_schema_wants_pass(string parameters) =>
        Assert.That(() => ParameterSchema.Check(Parsed(Schema), Parsed(parameters), "p", templates: false), Throws.Nothing);

    [TestCase("{}", "p.name", "p.name must be given.")]
    [TestCase("""{"name": null}""", "p.name", "p.name must be given.")]
    [TestCase("""{"name": 5}""", "p.name", "p.name must be a text.")]
    [TestCase("""{"name": "{{ event.id }}", "count": "{{ event.id }}"}""", "p.count", "p.count must be a whole number.")]
    [TestCase("""{"name": "x", "count": 1.5}""", "p.count", "p.count must be a whole number.")]
    [TestCase("""{"name": "x", "count": 0}""", "p.count", "p.count must be from 1 to 10.")]
    [TestCase("""{"name": "x", "count": 1e999}""", "p.count", "p.count must be from 1 to 10.")]
    [TestCase("""{"name": "x", "ratio": -0.1}""", "p.ratio", "p.ratio must be at least 0.")]
    [TestCase("""{"name": "x", "kind": "b"}""", "p.kind", "p.kind must be one of: a, 1, null.")]
    [TestCase("""{"name": "x", "list": {}}""", "p.list", "p.list must be an array.")]
    [TestCase("""{"name": "x", "map": []}""", "p.map", "p.map must be an object.")]
    [TestCase("""{"name": "x", "on": "true"}""", "p.on", "p.on must be true or false.")]
    public void Others_are_refused_by_the_name_of_the_parameter(string parameters, string field, string message)
    {
        var refused = Assert.Throws<RefusedException>(
            () => ParameterSchema.Check(Parsed(Schema), Parsed(parameters), "p", templates: false));

        Assert.That((refused!.Field, refused.Message), Is.EqualTo((field, message)));
    }

    [Test]
    public void A_schema_that_takes_no_others_refuses_them_by_their_place_within_objects_too()
    {
        var schema = Parsed("""
            {"a": {"type": "any"}, "map": {"properties": {"b": {}, "additionalProperties": false}}, "additionalProperties": false}
            """);

        void Check(string parameters) => ParameterSchema.Check(schema, Parsed(parameters), "p", templates: true);
        var stranger = Assert.Throws<RefusedException>(() => Check("""{"a": 1, "aa": "{{ event.id }}"}"""));
        var within = Assert.Throws<RefusedException>(() => Check("""{"map": {"c": 1}}"""));

        Assert.That((stranger!.Field, stranger.Message), Is.EqualTo(("p.aa", "p.aa is not known; there are a, map.")));
        Assert.That((within!.Field, within.Message), Is.EqualTo(("p.map.c", "p.map.c is not known; there are b.")));
        Assert.That(() => Check("""{"a": 1, "map": {"b": {"c": 1}}}"""), Throws.Nothing);
    }

    [Test]
    public void A_parameter_may_have_the_name_by_which_a_schema_refuses_others() => Assert.That(
        () => ParameterSchema.Check(
            Parsed("""{"additionalProperties": {"type": "integer"}}"""), Parsed("""{"additionalProperties": 1, "b": 2}"""), "p", templates: false),
        Throws.Nothing);

    [Test]
    public void A_template_may_stand_for_any_value_but_not_for_one_that_is_missing()
    {
        Assert.That(
            () => ParameterSchema.Check(
                Parsed(Schema), Parsed("""{"name": "{{ event.id }}", "count": "{{ event.payload.n }}", "kind": "is {{ event.id }}"}"""),
                "p", templates: true),
            Throws.Nothing);
        Assert.That(() => ParameterSchema.Check(
            Parsed(Schema), Parsed("""{"count": 1}"""), "p", templates: true), Throws.InstanceOf<RefusedException>());
    }

    [TestCase("{{ event.payload.n }} pieces")]
    [TestCase(" {{ event.payload.n }}")]
    [TestCase("{{ event.payload.n }}{{ event.payload.m }}")]
    public void A_template_within_other_text_comes_to_text_and_so_never_to_a_number(string text)
    {
        var parameters = JsonSerializer.SerializeToElement(new { name = text, count = text });

        var refused = Assert.Throws<RefusedException>(() => ParameterSchema.Check(Parsed(Schema), parameters, "p", templates: true));

        Assert.That(
            (refused!.Field, refused.Message),
            Is.EqualTo(("p.count", "p.count must be a whole number; a template with text around it comes to text.")));
    }

    [Test]
    public void Defaults_are_filled_in_where_nothing_is_given()
    {
        var filled = ParameterSchema.Fit(Parsed(Schema), Parsed("""{"name": "x", "count": null, "extra": true}"""))!.Value;
        Assert.That(JsonElement.DeepEquals(filled, Parsed("""{"name": "x", "extra": true, "count": 3}""")), filled.GetRawText());

        var given = Parsed("""{"name": "x", "count": 5}""");
        Assert.That(JsonElement.DeepEquals(ParameterSchema.Fit(Parsed(Schema), given)!.Value, given));
        Assert.That(JsonElement.DeepEquals(ParameterSchema.Fit(Parsed("""{"a": {"default": 1}}"""), null)!.Value, Parsed("""{"a": 1}""")));
        Assert.That(ParameterSchema.Fit(null, null), Is.Null);
    }

    [TestCase("[]", "s")]
    [TestCase("""{"a": "string"}""", "s.a")]
    [TestCase("""{"a": {"type": "text"}}""", "s.a.type")]
    [TestCase("""{"a": {"type": 5}}""", "s.a.type")]
    [TestCase("""{"a": {"required": "yes"}}""", "s.a.required")]
    [TestCase("""{"a": {"secret": 1}}""", "s.a.secret")]
    [TestCase("""{"a": {"enum": []}}""", "s.a.enum")]
    [TestCase("""{"a": {"enum": {}}}""", "s.a.enum")]
    [TestCase("""{"a": {"minimum": "1"}}""", "s.a.minimum")]
    [TestCase("""{"a": {"description": 1}}""", "s.a.description")]
    [TestCase("""{"a": {"type": "integer", "default": "x"}}""", "s.a.default")]
    [TestCase("""{"a": {"type": "string", "default": "\u0000"}}""", "s.a.default")]
    public void A_schema_that_is_none_is_refused(string schema, string field) =>
        Assert.That(Assert.Throws<RefusedException>(() => ParameterSchema.Parse(Parsed(schema), "s"))!.Field, Is.EqualTo(field));

    [Test]
    public void A_stored_schema_that_is_none_asks_for_nothing() =>
        Assert.That(() => ParameterSchema.Check(Parsed("""{"a": 5}"""), null, "p", templates: false), Throws.Nothing);

    private static JsonElement Parsed(string json) => JsonElement.Parse(json);
}
