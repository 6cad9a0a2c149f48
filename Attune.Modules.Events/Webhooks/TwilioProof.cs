using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// Twilio's signature: SHA-1 over the address and, of a form, its fields in the order of their names. Of any other body the address
/// has the SHA-256.
/// </summary>
internal sealed class TwilioProof(string? baseUrl, IReadOnlyList<byte[]> keys) : WebhookProof
{
    private const string Header = "X-Twilio-Signature";
    private const string BodyHash = "bodySHA256";
    private const string FormType = "application/x-www-form-urlencoded";

    public override int Check(SignedRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var given = request.Header(Header) ?? throw Missing(Header);
        var url = request.Url(baseUrl);
        string fields;
        if (QueryHelpers.ParseQuery(Query(url)).TryGetValue(BodyHash, out var hashes))
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(body));
            fields = hashes.Count == 1 && AreSame(hashes.ToString().ToLowerInvariant(), hash) ? "" : throw Wrong();
        }
        else
        {
            // Of a body that is neither a form nor hashed, nothing would have been signed.
            fields = request.Header("Content-Type")?.StartsWith(FormType, StringComparison.OrdinalIgnoreCase) == true
                ? Fields(body) : throw Wrong();
        }

        string[] texts = [.. Spellings(url).Select(address => address + fields)];
        var sent = Decode(given);
        var which = IndexOf(keys, key => texts.Aggregate(
            false, (right, text) => CryptographicOperations.FixedTimeEquals(sent, Hash(key, text)) | right));
        return which >= 0 ? which : throw Wrong();
    }

    public override void Sign(TrialRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        request.Query = $"?{BodyHash}={Convert.ToHexStringLower(SHA256.HashData(body))}";
        request.Headers[Header] = Convert.ToBase64String(Hash(keys[0], request.Url(baseUrl)));
    }

    public override void Write(TrialCommand command)
    {
        command.Lines.Add("hash=$(printf %s \"$body\" | openssl dgst -sha256 -r | cut -d ' ' -f 1)");
        command.Query = $"?{BodyHash}=$hash";
        var url = baseUrl is null ? "$webhook" : TrialCommand.Quoted(baseUrl.TrimEnd('/')) + TrialCommand.Quoted(command.Path);
        var hmac = TrialCommand.Hmac(new() { Header = Header, Algorithm = "sha1", Encoding = "base64" });
        command.Lines.Add($"signature=$(printf %s \"{url}{command.Query}\" | {hmac})");
        command.AddHeader(Header, "$signature");
    }

#pragma warning disable CA5350 // It is what Twilio signs with; as part of HMAC it is not broken.
    private static byte[] Hash(byte[] key, string text) => HMACSHA1.HashData(key, Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    // Names and values one after the other; a field that came twice with the same value counts once.
    private static string Fields(ReadOnlySpan<byte> body)
    {
        var fields = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
        foreach (var field in Encoding.UTF8.GetString(body).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var at = field.IndexOf('=', StringComparison.Ordinal);
            var name = WebUtility.UrlDecode(at < 0 ? field : field[..at]);
            if (!fields.TryGetValue(name, out var values))
            {
                fields[name] = values = new(StringComparer.Ordinal);
            }

            values.Add(at < 0 ? "" : WebUtility.UrlDecode(field[(at + 1)..]));
        }

        return string.Concat(fields.SelectMany(field => field.Value.Select(value => field.Key + value)));
    }

    // Whether the port that goes without saying is said differs among Twilio's products.
    private static IEnumerable<string> Spellings(string url)
    {
        yield return url;
        if (Uri.TryCreate(url, UriKind.Absolute, out var address))
        {
            var start = url.IndexOf("://", StringComparison.Ordinal) + 3;
            var end = url.AsSpan(start).IndexOfAny('/', '?');
            var authority = end < 0 ? url[start..] : url.Substring(start, end);
            var rest = end < 0 ? "" : url[(start + end)..];
            var port = $":{address.Port}";
            yield return url[..start] + (authority.EndsWith(port, StringComparison.Ordinal)
                ? authority[..^port.Length] : authority + port) + rest;
        }
    }

    private static string Query(string url) => url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var at ? url[at..] : "";

    private static byte[] Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return [];
        }
    }
}
