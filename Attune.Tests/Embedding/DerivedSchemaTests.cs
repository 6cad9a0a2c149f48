using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Actions;
using DescriptionAttribute = System.ComponentModel.DescriptionAttribute;
using RangeAttribute = System.ComponentModel.DataAnnotations.RangeAttribute;

namespace Attune.Tests.Embedding;

[TestFixture]
public sealed class DerivedSchemaTests
{
    private enum Currency
    {
        Euro,
        UsDollar,
    }

    [Test]
    public void A_class_says_what_is_required_what_it_is_otherwise_and_what_it_may_be() => AssertSchema<Invoice>("""
        {
          "customer": {"type": "string", "description": "Who pays.", "required": true},
          "amount": {"type": "number", "minimum": 0.01, "maximum": 1000000, "required": true},
          "copies": {"type": "integer", "minimum": 1, "maximum": 2147483647, "default": 1},
          "currency": {"type": "string", "enum": ["euro", "us_dollar"], "default": "euro"},
          "is_urgent": {"type": "boolean", "default": false},
          "note": {"type": "string"},
          "account_key": {"type": "string", "secret": true, "required": true},
          "due": {"type": "string", "format": "date"}
        }
        """);

    [Test]
    public void A_positional_record_says_the_same_with_its_parameters() => AssertSchema<Positional>("""
        {
          "name": {"type": "string", "description": "Whose.", "secret": true, "required": true},
          "count": {"type": "integer", "minimum": 0, "default": 3},
          "limit": {"type": "integer"},
          "ratio": {"type": "number", "required": true}
        }
        """);

    [Test]
    public void Objects_and_lists_are_described_within() => AssertSchema<Order>("""
        {
          "lines": {"type": "array", "required": true, "items": {"type": "object", "properties": {
            "article": {"type": "string", "required": true},
            "pieces": {"type": "integer", "default": 1}}}},
          "address": {"type": "object", "properties": {"street": {"type": "string", "required": true}}},
          "labels": {"type": "object", "default": {}},
          "days": {"type": "array", "default": ["monday"], "items": {"type": "string", "enum":
            ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"]}},
          "gaps": {"type": "array"},
          "anything": {"type": "any"}
        }
        """);

    [Test]
    public void A_type_that_holds_itself_is_described_once() => AssertSchema<Tree>("""
        {
          "name": {"type": "string", "required": true},
          "children": {"type": "array", "default": [], "items": {"type": "object"}}
        }
        """);

    [Test]
    public void An_action_that_takes_any_json_has_no_schema() =>
        Assert.That(RegisteredAction.Of(typeof(Any), "test.any", new()).ParamSchema, Is.Null);

    [Test]
    public void An_answer_with_properties_has_a_schema_and_another_has_none()
    {
        var schema = RegisteredAction.Of(typeof(Answers), "test.answers", new()).OutSchema;

        Assert.That(
            JsonElement.DeepEquals(schema!.Value, JsonElement.Parse("""{"number": {"type": "string"}, "pages": {"type": "integer"}}""")),
            schema.ToString());
        Assert.That(RegisteredAction.Of(typeof(Any), "test.any", new()).OutSchema, Is.Null);
    }

    [TestCase(typeof(Of<int>), "Int32 has no properties")]
    [TestCase(typeof(Of<Backwards>), "param_schema.count.default must be from 5 to 10.")]
    [TestCase(typeof(Of<Ranged>), "[Range] of since cannot be said in a schema")]
    [TestCase(typeof(Of<Exclusive>), "[Range] of count cannot be said in a schema")]
    [TestCase(typeof(Both), "it must implement IAction<TParameters> or IAction<TParameters, TResult>, and one of them only.")]
    [TestCase(typeof(Invoice), "it must implement IAction<TParameters> or IAction<TParameters, TResult>, and one of them only.")]
    public void A_class_that_cannot_be_an_action_says_why(Type type, string why)
    {
        var error = Assert.Throws<ArgumentException>(() => RegisteredAction.Of(type, "test.odd", new()));

        Assert.That(error!.Message, Does.StartWith($"{type.Name} cannot be the action 'test.odd': ").And.Contain(why));
    }

    [TestCase("Test.Upper")]
    [TestCase("nodot")]
    [TestCase("9pack.name")]
    [TestCase("")]
    public void A_reference_that_is_none_is_refused_with_its_text(string reference)
    {
        var error = Assert.Throws<ArgumentException>(() => RegisteredAction.Of(typeof(Any), reference, new()));

        Assert.That(error!.Message, Does.StartWith($"Any cannot be the action '{reference}': "));
    }

    [Test]
    public void Limits_that_no_action_may_have_are_refused()
    {
        Assert.That(() => Limited(new() { MaxRetries = 101 }), Throws.ArgumentException.With.Message.Contains("max_retries"));
        Assert.That(
            () => Limited(new() { Timeout = TimeSpan.FromDays(31) }), Throws.ArgumentException.With.Message.Contains("timeout_seconds"));
        Assert.That(Limited(new() { Timeout = TimeSpan.FromMilliseconds(1) }).TimeoutSeconds, Is.EqualTo(1));

        static RegisteredAction Limited(ActionOptions options) => RegisteredAction.Of(typeof(Any), "test.any", options);
    }

    [TestCase("billing.send_invoice", "Send invoice")]
    [TestCase("billing.ö-x", "Ö x")]
    [TestCase("billing.__", "billing.__")]
    public void A_label_is_made_of_the_reference_where_none_is_said(string reference, string label) =>
        Assert.That(RegisteredAction.LabelOf(reference), Is.EqualTo(label));

    private static void AssertSchema<T>(string expected)
    {
        var schema = RegisteredAction.Of(typeof(Of<T>), "test.any", new()).ParamSchema!.Value;

        Assert.That(JsonElement.DeepEquals(schema, JsonElement.Parse(expected)), schema.GetRawText());
    }

    private sealed record Invoice
    {
        [Description("Who pays.")]
        public required string Customer { get; init; }

        [Range(0.01, 1_000_000)]
        public required decimal Amount { get; init; }

        [Range(1, int.MaxValue)]
        public int Copies { get; init; } = 1;

        public Currency Currency { get; init; }
        public bool IsUrgent { get; init; }
        public string? Note { get; init; }

        [Secret]
        [Required]
        public string? AccountKey { get; init; }

        public DateOnly? Due { get; init; }

        // Neither can be given.
        public string Both => Customer + Note;

        [JsonIgnore]
        public string Hidden { get; init; } = "";
    }

    private sealed record Positional(
        [Description("Whose.")][Secret] string Name, double Ratio, [Range(0, double.MaxValue)] int Count = 3, int? Limit = null);

    private sealed record Order
    {
        public required IReadOnlyList<Line> Lines { get; init; }
        public Address? Address { get; init; }
        public Dictionary<string, int> Labels { get; init; } = [];
        public DayOfWeek[] Days { get; init; } = [DayOfWeek.Monday];
        public int?[]? Gaps { get; init; }
        public JsonNode? Anything { get; init; }
    }

    private sealed record Line(string Article, int Pieces = 1);

    private sealed record Address(string Street);

    private sealed record Tree(string Name)
    {
        public IReadOnlyList<Tree> Children { get; init; } = [];
    }

    private sealed record Backwards([Range(5, 10)] int Count = 1);

    private sealed record Ranged([Range(typeof(DateOnly), "2026-01-01", "2027-01-01")] DateOnly Since);

    private sealed record Exclusive([Range(0, 10, MinimumIsExclusive = true)] int Count);

    private sealed record Sent(string Number, int Pages);

    private sealed class Of<T> : IAction<T>
    {
        public Task RunAsync(T parameters, ActionContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class Any : IAction<JsonElement?, int>
    {
        public Task<int> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken) =>
            Task.FromResult(1);
    }

    private sealed class Answers : IAction<Positional, Sent>
    {
        public Task<Sent> RunAsync(Positional parameters, ActionContext context, CancellationToken cancellationToken) =>
            Task.FromResult(new Sent("1", 2));
    }

    private sealed class Both : IAction<Invoice>, IAction<Positional>
    {
        public Task RunAsync(Invoice parameters, ActionContext context, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task RunAsync(Positional parameters, ActionContext context, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
