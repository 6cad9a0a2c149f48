using System.Text.Json;
using Attune.Modules.Enforcements;

namespace Attune.Tests.Enforcements;

/// <summary>Secrets among parameters: what is masked, and what stays as it is.</summary>
public sealed class ParameterSecretsTests
{
    private const string Schema = """
        {
          "url": {"type": "string"},
          "pin": {"type": "integer", "secret": true},
          "smtp": {"type": "object", "properties": {"host": {"type": "string"}, "login": {"type": "string", "secret": true}}},
          "accounts": {"type": "array", "items": {"type": "object", "properties": {"word": {"type": "string", "secret": true}}}},
          "words": {"type": "array", "items": {"type": "string", "secret": true}},
          "whole": {"type": "object", "secret": true}
        }
        """;

    [TestCase("""{"url": "https://a", "pin": 4711}""", """{"url": "https://a", "pin": "••••••"}""")]
    [TestCase("""{"smtp": {"host": "h", "login": "geheim"}}""", """{"smtp": {"host": "h", "login": "••••••"}}""")]
    [TestCase("""{"accounts": [{"word": "a", "n": 1}, {"word": null}]}""", """{"accounts": [{"word": "••••••", "n": 1}, {"word": null}]}""")]
    [TestCase("""{"words": ["a", "b"]}""", """{"words": ["••••••", "••••••"]}""")]
    [TestCase("""{"whole": {"a": {"b": 1}}}""", """{"whole": "••••••"}""")]
    [TestCase("""{"pin": "{{ event.payload.pin }}"}""", """{"pin": "{{ event.payload.pin }}"}""", Description = "a mere reference")]
    [TestCase("""{"pin": "{{ event.payload.pin | default: 'geheim' }}"}""", """{"pin": "••••••"}""")]
    [TestCase("""{"pin": "12{{ event.payload.pin }}"}""", """{"pin": "••••••"}""")]
    [TestCase("""[1, "geheim"]""", """[1, "geheim"]""", Description = "no parameters at all")]
    public void What_a_schema_calls_secret_is_masked_at_any_depth(string parameters, string masked) => AssertMasked(Schema, parameters, masked);

    [TestCase("""{"headers": {"Authorization": "Bearer x", "Accept": "a"}}""", """{"headers": {"Authorization": "••••••", "Accept": "a"}}""")]
    [TestCase("""{"headers": {"X-Hub-Signature": "x", "X-My-Token": "y"}}""", """{"headers": {"X-Hub-Signature": "••••••", "X-My-Token": "••••••"}}""")]
    [TestCase("""{"request": {"extra": {"COOKIE": ["a", "b"]}}}""", """{"request": {"extra": {"COOKIE": "••••••"}}}""")]
    [TestCase("""{"list": [{"name": "x-api-key", "value": "k"}, {"name": "Accept", "value": "v"}]}""",
        """{"list": [{"name": "x-api-key", "value": "••••••"}, {"name": "Accept", "value": "v"}]}""")]
    [TestCase("""{"authorization": {"kind": "basic"}}""", """{"authorization": {"kind": "basic"}}""", Description = "no text")]
    [TestCase("""{"token_count": 5, "secretary": "Ada", "key": "A-1"}""", """{"token_count": 5, "secretary": "Ada", "key": "A-1"}""")]
    [TestCase("""{"session": "x", "signing_key": "y", "pin": 4}""", """{"session": "••••••", "signing_key": "••••••", "pin": "••••••"}""")]
    public void What_is_secret_by_its_name_is_masked_without_a_schema(string parameters, string masked)
    {
        AssertMasked(null, parameters, masked);
        AssertMasked(Schema, parameters, masked);
    }

    [Test]
    public void Nothing_stays_nothing() => Assert.That(ParameterSecrets.ByName.Hide(null), Is.Null);

    [Test]
    public void Masks_to_compare_differ_where_the_secrets_do()
    {
        var secrets = new ParameterSecrets(JsonElement.Parse(Schema));

        var (one, same, other) = (Compared("geheim"), Compared("geheim"), Compared("anders"));

        Assert.That(one, Is.EqualTo(same).And.Not.EqualTo(other));
        Assert.That(one, Does.StartWith(ParameterSecrets.Mask).And.Not.Contain("geheim"));

        string Compared(string secret) =>
            secrets.HideToCompare(JsonElement.Parse($$"""{"pin": "{{secret}}"}"""))!.Value.GetProperty("pin").GetString()!;
    }

    private static void AssertMasked(string? schema, string parameters, string masked)
    {
        var secrets = schema is null ? ParameterSecrets.ByName : new ParameterSecrets(JsonElement.Parse(schema));
        var shown = secrets.Hide(JsonElement.Parse(parameters))!.Value;

        Assert.That(JsonElement.DeepEquals(shown, JsonElement.Parse(masked)), shown.GetRawText());
    }
}
