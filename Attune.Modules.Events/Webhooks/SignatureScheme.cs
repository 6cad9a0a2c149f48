using System.Security.Cryptography;

namespace Attune.Modules.Events.Webhooks;

/// <summary>How a sender signs with HMAC: where the signature is, how it is written, and what it is of.</summary>
internal sealed record SignatureScheme
{
    public required string Header { get; init; }

    /// <summary>What comes before a signature, and tells it from what else there is in the header.</summary>
    public string Prefix { get; init; } = "";

    /// <summary><c>hex</c>, <c>base64</c> or <c>base64url</c>.</summary>
    public string Encoding { get; init; } = "hex";

    /// <summary><c>sha1</c>, <c>sha256</c> or <c>sha512</c>.</summary>
    public string Algorithm { get; init; } = "sha256";

    /// <summary>What stands between several signatures; null when there is but one.</summary>
    public string? Separator { get; init; }

    public SignedText Signed { get; init; } = SignedText.Parse("{body}").Text!;

    /// <summary>The header with the time of the signature.</summary>
    public string? TimestampHeader { get; init; }

    /// <summary>What comes before the time within the signature's own header, such as <c>t=</c>.</summary>
    public string? TimestampPrefix { get; init; }

    public string? IdHeader { get; init; }

    /// <summary>How far the time may lie from now, before or after.</summary>
    public TimeSpan Tolerance { get; init; } = TimeSpan.FromSeconds(DefaultToleranceSeconds);

    /// <summary>What stands before the path where the sender knows the webhook; null when that is what reached this server.</summary>
    public string? BaseUrl { get; init; }

    public const int DefaultToleranceSeconds = 300;

    public bool HasTimestamp => TimestampHeader is not null || TimestampPrefix is not null;

    public HashAlgorithmName Hash => Algorithm switch
    {
        "sha1" => HashAlgorithmName.SHA1,
        "sha512" => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };

    /// <summary>The bytes of a signature as it is written; null for what is none.</summary>
    public byte[]? Decode(string text)
    {
        try
        {
            return Encoding switch
            {
                "hex" => Convert.FromHexString(text),
                "base64" => Convert.FromBase64String(text),
                _ => System.Buffers.Text.Base64Url.DecodeFromChars(text.TrimEnd('=')),
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>A signature as it is written.</summary>
    public string Encode(byte[] signature) => Encoding switch
    {
        "hex" => Convert.ToHexStringLower(signature),
        "base64" => Convert.ToBase64String(signature),
        _ => System.Buffers.Text.Base64Url.EncodeToString(signature),
    };

    /// <summary>How a secret is written: <c>text</c>, <c>base64</c> or <c>hex</c>.</summary>
    public string SecretEncoding { get; init; } = "text";

    /// <summary>The bytes of a secret that is handed out in some encoding; null for what is none.</summary>
    public static byte[]? Key(string secret, string encoding)
    {
        const string marker = "whsec_";
        try
        {
            return encoding switch
            {
                "base64" => Convert.FromBase64String(
                    secret.StartsWith(marker, StringComparison.Ordinal) ? secret[marker.Length..] : secret),
                "hex" => Convert.FromHexString(secret),
                _ => System.Text.Encoding.UTF8.GetBytes(secret),
            };
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
