namespace Attune.Web.Pages.Triggers;

/// <summary>Commands for a terminal, to be copied.</summary>
public static class Curl
{
    /// <summary>Posts a small JSON body to an address.</summary>
    public static string Post(string address) =>
        $$"""curl -X POST {{address}} -H 'Content-Type: application/json' -d '{"message": "Hello, Attune"}'""";

    /// <summary>The same for a webhook whose bodies must be signed: the secret is the sender's to fill in.</summary>
    /// <param name="address">Where to post.</param>
    /// <param name="algorithm">The algorithm's name, such as <c>sha256</c>.</param>
    public static string PostSigned(string address, string algorithm) =>
        $$"""
        secret='…'; body='{"message": "Hello, Attune"}'
        curl -X POST {{address}} -H 'Content-Type: application/json' \
          -H "X-Webhook-Signature: {{algorithm}}=$(printf %s "$body" | openssl dgst -{{algorithm}} -hmac "$secret" | sed 's/.* //')" \
          -d "$body"
        """;
}
