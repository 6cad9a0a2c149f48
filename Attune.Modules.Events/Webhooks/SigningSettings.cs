using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Attune.Db;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The section <c>hmac</c>: how a body has to be signed. No record, since those print what they hold.</summary>
internal sealed class SigningSettings
{
    // How short a secret may be is up to whoever shares it: some senders have given theirs long ago.
    private const int LongestSecret = 512;
    private const string SecretField = "secret";

    // The original's header comes before GitHub's, as it did there.
    private static readonly string[] Headers = ["X-Webhook-Signature", "X-Hub-Signature-256"];

    private SigningSettings(bool enabled, string? secret, string algorithm)
    {
        Enabled = enabled;
        Secret = secret;
        Algorithm = algorithm;
    }

    public bool Enabled { get; }

    public string? Secret { get; }

    /// <summary><c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm { get; }

    /// <exception cref="RefusedException">It cannot be read, or nothing could be checked with it.</exception>
    public static SigningSettings Parse(JsonElement json, string place)
    {
        var section = new ConfigSection(json, place, "enabled", SecretField, "algorithm", "has_secret");
        var enabled = section.Flag("enabled");
        var secret = section.Text(SecretField);
        if (secret is not null && (string.IsNullOrWhiteSpace(secret) || secret.Length > LongestSecret))
        {
            throw section.Wrong(SecretField, $"must have 1 to {LongestSecret} characters, and not only spaces");
        }

        if (enabled && secret is null)
        {
            throw section.Wrong(SecretField, "must be given while signatures are asked for");
        }

        var algorithm = section.Text("algorithm") ?? "sha256";
        return algorithm is "sha256" or "sha512"
            ? new(enabled, secret, algorithm)
            : throw section.Wrong("algorithm", "must be sha256 or sha512");
    }

    /// <summary>The section as it is to be stored: the secret stays where none is given.</summary>
    public static JsonElement Merge(JsonElement stored, JsonElement given)
    {
        if (stored.ValueKind != JsonValueKind.Object || given.ValueKind != JsonValueKind.Object
            || !ConfigSection.Fields(stored).TryGetValue(SecretField, out var secret))
        {
            return given;
        }

        var fields = ConfigSection.Fields(given);
        fields.TryAdd(SecretField, secret);
        return JsonSerializer.SerializeToElement(fields, Json.Options);
    }

    /// <summary>Passes for a body whose signature is right.</summary>
    /// <param name="header">Answers a header of the request, or null.</param>
    /// <param name="body">The body, byte for byte as it came.</param>
    /// <exception cref="RefusedException">The signature is missing or wrong.</exception>
    public void Check(Func<string, string?> header, ReadOnlySpan<byte> body)
    {
        var given = Headers.Select(header).FirstOrDefault(value => value is not null)
            ?? throw new RefusedException(RefusalKind.Unauthenticated, null, $"Signature required: send {string.Join(" or ", Headers)}");
        if (!IsRight(given, body))
        {
            throw new RefusedException(RefusalKind.Unauthenticated, null, "Invalid webhook signature");
        }
    }

    /// <summary>How the same is said of a scheme that settings name.</summary>
    public SignatureScheme Scheme => new() { Header = Headers[0], Prefix = $"{Algorithm}=", Algorithm = Algorithm };

    /// <summary>Proves a request as its sender would.</summary>
    public SignatureProof Proof => new([Scheme], [Encoding.UTF8.GetBytes(Secret!)]);

    private bool IsRight(string given, ReadOnlySpan<byte> body)
    {
        // "sha256=…", or the digits alone. One that names another algorithm is not the one asked for.
        var at = given.IndexOf('=', StringComparison.Ordinal);
        if (at >= 0 && given[..at] != Algorithm)
        {
            return false;
        }

        var key = Encoding.UTF8.GetBytes(Secret!);
        var expected = Algorithm == "sha512" ? HMACSHA512.HashData(key, body) : HMACSHA256.HashData(key, body);
        var digits = given.AsSpan(at + 1);
        var sent = new byte[expected.Length];
        return digits.Length == 2 * expected.Length
            && Convert.FromHexString(digits, sent, out _, out var read) == System.Buffers.OperationStatus.Done
            && read == sent.Length
            && CryptographicOperations.FixedTimeEquals(sent, expected);
    }
}
