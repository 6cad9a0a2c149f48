using System.Text.Json;
using Attune.Modules.Events.Webhooks;

namespace Attune.Tests.Events;

/// <summary>What may be set of proofs, handshakes and answers, and what becomes of the secrets among it.</summary>
[TestFixture]
public sealed class WebhookProofSettingsTests
{
    [TestCase("""[]""", "")]
    [TestCase("""{}""", "scheme")]
    [TestCase("""{"scheme": "GitHub", "secret": "hush"}""", "scheme")]
    [TestCase("""{"scheme": 5, "secret": "hush"}""", "scheme")]
    [TestCase("""{"scheme": "github"}""", "secret")]
    [TestCase("""{"scheme": "github", "secret": ""}""", "secret")]
    [TestCase("""{"scheme": "github", "secret": 12345678}""", "secret")]
    [TestCase("""{"scheme": "github", "secret": "hush", "previous_secret": " "}""", "previous_secret")]
    [TestCase("""{"scheme": "github", "previous_secret": "hush"}""", "previous_secret")]
    [TestCase("""{"scheme": "github", "secrets": []}""", "secrets")]
    [TestCase("""{"scheme": "github", "secrets": ["hush", 1]}""", "secrets[1]")]
    [TestCase("""{"scheme": "github", "secrets": ["a","b","c","d","e","f"]}""", "secrets")]
    [TestCase("""{"scheme": "github", "secret": "hush", "secrets": ["hush"]}""", "secrets")]
    [TestCase("""{"scheme": "github", "secret": "hush", "secert": "x"}""", "secert")]
    [TestCase("""{"scheme": "github", "secret": "hush", "tolerance_seconds": 60}""", "tolerance_seconds")]
    [TestCase("""{"scheme": "github", "secret": "hush", "enabled": 1}""", "enabled")]
    [TestCase("""{"scheme": "stripe", "secret": "hush", "tolerance_seconds": 0}""", "tolerance_seconds")]
    [TestCase("""{"scheme": "stripe", "secret": "hush", "tolerance_seconds": 1e9}""", "tolerance_seconds")]
    [TestCase("""{"scheme": "standard_webhooks", "secret": "whsec_!"}""", "secret")]
    [TestCase("""{"scheme": "standard_webhooks", "secret": "whsec_"}""", "secret")]
    [TestCase("""{"scheme": "standard_webhooks", "secrets": ["QUJD", "!"]}""", "secrets[1]")]
    [TestCase("""{"scheme": "twilio", "secret": "hush", "base_url": "hooks.example.org"}""", "base_url")]
    [TestCase("""{"scheme": "twilio", "secret": "hush", "base_url": "https://a.example/?q"}""", "base_url")]
    [TestCase("""{"scheme": "token", "secret": "hush", "header": "X Y"}""", "header")]
    [TestCase("""{"scheme": "token", "secret": "hush", "header": ""}""", "header")]
    [TestCase("""{"scheme": "gitlab", "secret": "hush", "header": "X-Y"}""", "header")]
    [TestCase("""{"scheme": "basic", "password": "hush"}""", "user")]
    [TestCase("""{"scheme": "basic", "user": "a:b", "password": "hush"}""", "user")]
    [TestCase("""{"scheme": "basic", "user": "ann"}""", "password")]
    [TestCase("""{"scheme": "basic", "user": "ann", "secret": "hush"}""", "secret")]
    [TestCase("""{"scheme": "hmac", "secret": "hush"}""", "header")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "algorithm": "md5"}""", "algorithm")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "encoding": "HEX"}""", "encoding")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "signed": "{timestamp}"}""", "signed")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "signed": "{body}{body}"}""", "signed")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "signed": "{bdoy}"}""", "signed")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "signed": "{body"}""", "signed")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "signed": "{header:}{body}"}""", "signed")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "signed": "{timestamp}{body}"}""", "timestamp_header")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "timestamp_header": "T"}""", "timestamp_header")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "signed": "{id}{body}"}""", "id_header")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "id_header": "I"}""", "id_header")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "tolerance_seconds": 5}""", "tolerance_seconds")]
    [TestCase("""{"scheme": "hmac", "secret": "x", "header": "X", "timestamp_prefix": "t", "signed": "{timestamp}{body}"}""", "separator")]
    [TestCase("""{"scheme": "hmac", "secret": "hush", "header": "X", "secret_encoding": "hex"}""", "secret")]
    public void Proofs_that_would_prove_nothing_are_refused_at_their_place(string section, string place) =>
        Settings_that_make_no_sense_are_refused_at_their_place(
            $$"""{"verification": {{section}}}""", place.Length == 0 ? "verification" : $"verification.{place}");

    [TestCase("""{"handshake": 1}""", "handshake")]
    [TestCase("""{"handshake": {}}""", "handshake.sender")]
    [TestCase("""{"handshake": "nobody"}""", "handshake.sender")]
    [TestCase("""{"handshake": "meta"}""", "handshake.token")]
    [TestCase("""{"handshake": {"sender": "meta", "token": " "}}""", "handshake.token")]
    [TestCase("""{"handshake": {"sender": "slack", "token": "hush"}}""", "handshake.token")]
    [TestCase("""{"handshake": "sns"}""", "handshake.topic")]
    [TestCase("""{"handshake": {"sender": "slack", "origins": ["a.example"]}}""", "handshake.origins")]
    [TestCase("""{"handshake": {"sender": "cloudevents", "origins": ["a.example", "a b"]}}""", "handshake.origins[1]")]
    [TestCase("""{"handshake": "zoom"}""", "handshake.sender")]
    [TestCase("""{"handshake": "asana", "verification": {"scheme": "zoom", "secret": "hush"}}""", "handshake.sender")]
    [TestCase("""{"answer": {"status": 302}}""", "answer.status")]
    [TestCase("""{"answer": {"status": 500}}""", "answer.status")]
    [TestCase("""{"answer": {"status": 204, "body": "ok"}}""", "answer.body")]
    [TestCase("""{"answer": {"content_type": "text/plain"}}""", "answer.content_type")]
    [TestCase("""{"answer": {"body": "<b>", "content_type": "text/html"}}""", "answer.content_type")]
    [TestCase("""{"answer": {"headers": {}}}""", "answer.headers")]
    public void Settings_that_make_no_sense_are_refused_at_their_place(string json, string place)
    {
        var refused = Assert.Throws<RefusedException>(() => WebhookSettings.Merge(Parse("{}"), Parse(json)));

        Assert.That((refused.Kind, refused.Field), Is.EqualTo((RefusalKind.Invalid, $"webhook_config.{place}")), refused.Message);
        Assert.That(refused.Message, Does.Contain(place).And.Not.Contain("hush"));
    }

    [Test]
    public void An_answer_that_is_too_long_is_refused() => Assert.That(
        Assert.Throws<RefusedException>(() => WebhookSettings.Merge(
            Parse("{}"), JsonSerializer.SerializeToElement(new { answer = new { body = new string('ä', 2_049) } })))?.Field,
        Is.EqualTo("webhook_config.answer.body"));

    [Test]
    public void A_secret_that_is_not_mentioned_stays_and_one_that_is_null_goes()
    {
        var stored = Merge("{}", """{"verification": {"scheme": "slack", "secret": "one", "previous_secret": "two"}}""");
        var changed = Merge(stored, """
            {"verification": {"scheme": "slack", "tolerance_seconds": 60, "has_secret": true, "has_previous_secret": true}}
            """);
        var replaced = Merge(changed, """{"verification": {"scheme": "slack", "secret": "three", "previous_secret": "one"}}""");
        var finished = Merge(replaced, """{"verification": {"scheme": "slack", "previous_secret": null}}""");
        var listed = Merge(finished, """{"verification": {"scheme": "slack", "secrets": ["four", "five"]}}""");
        var single = Merge(listed, """{"verification": {"scheme": "slack", "secret": "six"}}""");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Secrets(changed), Is.EqualTo((string[])["one", "two"]));
            Assert.That(Secrets(Merge(changed, """{"payload_size_limit_kb": 5}""")), Is.EqualTo((string[])["one", "two"]));
            Assert.That(Secrets(replaced), Is.EqualTo((string[])["three", "one"]));
            Assert.That(Secrets(finished), Is.EqualTo((string[])["three"]));
            Assert.That(Secrets(listed), Is.EqualTo((string[])["four", "five"]));
            Assert.That(Secrets(single), Is.EqualTo((string[])["six"]));
            Assert.That(WebhookSettings.Parse(Parse(Merge(single, """{"verification": null}"""))).Verification, Is.Null);
        }
    }

    [Test]
    public void A_secret_of_another_scheme_is_not_taken_over()
    {
        var stored = Merge("{}", """{"verification": {"scheme": "github", "secret": "one"}}""");

        Assert.That(Assert.Throws<RefusedException>(() => Merge(stored, """{"verification": {"scheme": "token"}}"""))?.Field,
            Is.EqualTo("webhook_config.verification.secret"));
    }

    [Test]
    public void A_verification_that_is_switched_off_keeps_its_secret_and_asks_for_nothing()
    {
        var on = Merge("{}", """{"verification": {"scheme": "github", "secret": "one"}}""");
        var off = Merge(on, """{"verification": {"scheme": "github", "enabled": false}}""");

        Assert.That(WebhookSettings.Parse(Parse(off)).AsksForProof, Is.False);
        Assert.That(Secrets(off), Is.EqualTo((string[])["one"]));
        Assert.That(Secrets(Merge(off, """{"verification": {"scheme": "github"}}""")), Is.EqualTo((string[])["one"]));
    }

    [Test]
    public void Settings_of_every_scheme_that_were_shown_can_be_written_back_and_show_no_secret(
        [ValueSource(typeof(WebhookSender), nameof(WebhookSender.Signing))] string scheme) => WriteBack(scheme);

    [Test]
    public void Settings_of_every_shared_secret_that_were_shown_can_be_written_back(
        [ValueSource(typeof(WebhookSender), nameof(WebhookSender.Telling))] string scheme) => WriteBack(scheme);

    [Test]
    public void What_is_shown_has_every_field_that_was_set()
    {
        var stored = Merge("{}", """
            {"verification": {
                "scheme": "hmac", "secret": "hush 1", "header": "X-Sig", "timestamp_header": "X-Time", "signed": "{timestamp}.{body}"},
             "handshake": {"sender": "meta", "token": "hush 2"}, "answer": {"status": 202, "body": {"ok": true}}}
            """);

        var shown = JsonSerializer.SerializeToElement(WebhookSettings.Shown(Parse(stored)), Json.Options);

        Assert.That(JsonElement.DeepEquals(shown, Parse("""
            {
              "verification": {
                "enabled": true, "scheme": "hmac", "has_secret": true, "header": "X-Sig", "prefix": "", "encoding": "hex",
                "algorithm": "sha256", "signed": "{timestamp}.{body}", "timestamp_header": "X-Time", "tolerance_seconds": 300,
                "secret_encoding": "text"
              },
              "handshake": { "sender": "meta", "has_token": true },
              "answer": { "status": 202, "body": "{\"ok\":true}", "content_type": "application/json" }
            }
            """)), Is.True, shown.GetRawText());
    }

    [Test]
    public void Every_secret_is_known_to_whoever_keeps_what_was_sent() => Assert.That(
        WebhookSettings.Parse(Parse("""
            {"hmac": {"enabled": true, "secret": "hmac"}, "handshake": {"sender": "meta", "token": "token"},
             "verification": {"scheme": "basic", "user": "ann", "password": "three", "previous_password": "four"}}
            """)).Secrets,
        Is.EquivalentTo((string[])["hmac", "token", "three", "four"]));

    [Test]
    public void A_token_of_a_handshake_stays_until_another_is_given()
    {
        var stored = Merge("{}", """{"handshake": {"sender": "meta", "token": "one"}}""");
        var again = Merge(stored, """{"handshake": {"sender": "meta", "has_token": true}}""");

        Assert.That(WebhookSettings.Parse(Parse(again)).Handshake!.Token, Is.EqualTo("one"));
        Assert.That(() => Merge(stored, """{"handshake": {"sender": "meta", "token": null}}"""), Throws.InstanceOf<RefusedException>());
        Assert.That(WebhookSettings.Parse(Parse(Merge(stored, """{"handshake": "okta"}"""))).Handshake!.Token, Is.Null);
    }

    private static void WriteBack(string scheme)
    {
        var settings = WebhookSender.Settings(scheme);
        settings[scheme == "basic" ? "password" : "secret"] = WebhookSender.Secret(scheme, "hush 1");
        settings[scheme == "basic" ? "previous_password" : "previous_secret"] = WebhookSender.Secret(scheme, "hush 2");
        var stored = Merge("{}", JsonSerializer.Serialize(new { verification = settings }));

        var shown = JsonSerializer.Serialize(WebhookSettings.Shown(Parse(stored)), Json.Options);
        var again = Merge(stored, shown);

        Assert.That(shown, Does.Not.Contain("hush").And.Not.Contain("whsec"));
        Assert.That(JsonElement.DeepEquals(Parse(again), Parse(stored)), Is.True, again);
    }

    private static IReadOnlyList<string> Secrets(string stored) => WebhookSettings.Parse(Parse(stored)).Verification!.Secrets;

    private static string Merge(string stored, string given) => WebhookSettings.Merge(Parse(stored), Parse(given)).GetRawText();

    private static JsonElement Parse(string json) => JsonElement.Parse(json);
}
