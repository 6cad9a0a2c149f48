using System.Text.Json;
using Attune.Db.Values;
using Attune.Modules.Enforcements;
using Attune.Modules.Events.Packs;

namespace Attune.Tests.Events;

[TestFixture]
public sealed class SecretNamesTests
{
    [Test]
    public void What_may_be_a_secret_anywhere_is_one_everywhere([Values(
        "authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "x-api-key", "api-key", "api_key", "apikey", "X-Auth-Token",
        "access_token", "refreshToken", "private-token", "X-Vault-Token", "password", "passwd", "passphrase", "secret", "client_secret",
        "CLIENT_SECRETS", "private_key", "privateKey", "bearer_token", "credential", "credentials", "X-Hub-Signature", "signature", "session",
        "session_id", "jwt", "hmac", "sig", "pwd", "db.pass", "pin", "signing_key", "encryption_key", "subscription-key", "shared_key",
        "functions-key", "client_key", "app_key", "license_key", "hook_key", "authorisation")] string name)
    {
        var json = JsonElement.Parse(JsonSerializer.Serialize(new Dictionary<string, string> { [name] = "geheim" }));

        Assert.That(SecretNames.IsSecret(name), Is.True);
        Assert.That(SecretNames.IsSecretParameter(name), Is.True);
        Assert.That(SecretNames.IsSecretHeader(name), Is.True);
        Assert.That($"{PackConfig.Mask(json)}", Does.Not.Contain("geheim"));
        Assert.That($"{ParameterSecrets.ByName.Hide(json)}", Does.Not.Contain("geheim"));
    }

    [Test]
    public void What_only_sounds_like_a_secret_is_none_anywhere([Values(
        "author", "X-Author", "authored_by", "secretary", "token_count", "max_tokens", "total_tokens", "spin", "compass", "design",
        "Idempotency-Key", "X-Event-Key", "ce-authid", "passenger", "assign")] string name)
    {
        var json = JsonElement.Parse(JsonSerializer.Serialize(new Dictionary<string, string> { [name] = "plain" }));

        Assert.That(SecretNames.IsSecret(name), Is.False);
        Assert.That(SecretNames.IsSecretParameter(name), Is.False);
        Assert.That(SecretNames.IsSecretHeader(name), Is.False);
        Assert.That($"{PackConfig.Mask(json)}", Does.Contain("plain"));
        Assert.That($"{ParameterSecrets.ByName.Hide(json)}", Does.Contain("plain"));
    }

    [TestCase("key", false, true, true)]
    [TestCase("issueKey", false, false, true)]
    [TestCase("oauth_nonce", false, true, true)]
    [TestCase("auth_type", false, true, true)]
    public void Outside_of_our_own_json_more_may_be_a_secret(string name, bool isMember, bool isParameter, bool isHeader) => Assert.That(
        (SecretNames.IsSecret(name), SecretNames.IsSecretParameter(name), SecretNames.IsSecretHeader(name)),
        Is.EqualTo((isMember, isParameter, isHeader)));
}
