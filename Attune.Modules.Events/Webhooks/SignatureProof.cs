using System.Globalization;
using System.Security.Cryptography;

namespace Attune.Modules.Events.Webhooks;

/// <summary>A signature by HMAC, as one of several ways of writing it has it.</summary>
/// <param name="variants">The ways; the first whose header was sent holds.</param>
/// <param name="keys">The secrets.</param>
internal sealed class SignatureProof(IReadOnlyList<SignatureScheme> variants, IReadOnlyList<byte[]> keys) : WebhookProof
{
    // Senders that are changing their secret send two.
    private const int MostSignatures = 16;

    public override int Check(SignedRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var scheme = variants.FirstOrDefault(variant => request.Header(variant.Header) is not null)
            ?? throw Missing(string.Join(" or ", variants.Select(variant => variant.Header)));
        string[] items = scheme.Separator is { } separator
            ? request.Header(scheme.Header)!.Split(separator, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            : [request.Header(scheme.Header)!];
        var timestamp = Timestamp(scheme, request, items);
        var which = Which(scheme, request, body, Signatures(scheme, items), timestamp);

        // Whoever has no secret is not told what is wrong with the time.
        if (timestamp is not null
            && (SignatureTime.Read(timestamp) is not { } time || !SignatureTime.IsNear(time, now, scheme.Tolerance)))
        {
            throw Refused(string.Create(CultureInfo.InvariantCulture,
                $"The signature is not of this time: it may be {scheme.Tolerance.TotalSeconds} seconds old or ahead"));
        }

        return which;
    }

    public override void Sign(TrialRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var scheme = variants[0];
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var id = scheme.IdHeader is { } idHeader ? request.Headers[idHeader] = request.Id : "";
        if (scheme.TimestampHeader is { } timeHeader)
        {
            request.Headers[timeHeader] = timestamp;
        }

        using var hash = IncrementalHash.CreateHMAC(scheme.Hash, keys[0]);
        scheme.Signed.AppendTo(hash, body, place => place switch
        {
            "timestamp" => timestamp,
            "id" => id,
            "url" => request.Url(scheme.BaseUrl),
            "method" => request.Method,
            _ => request.Header(SignedText.HeaderOf(place)!),
        });
        var signature = scheme.Prefix + scheme.Encode(hash.GetHashAndReset());
        request.Headers[scheme.Header] = scheme.TimestampPrefix is { } prefix
            ? $"{prefix}{timestamp}{scheme.Separator}{signature}" : signature;
    }

    public override void Write(TrialCommand command)
    {
        var scheme = variants[0];
        if (scheme.HasTimestamp)
        {
            command.Lines.Add("time=$(date +%s)");
        }

        if (scheme.IdHeader is { } idHeader)
        {
            command.Lines.Add("id=test-$(date +%s)");
            command.AddHeader(idHeader, "$id");
        }

        if (scheme.TimestampHeader is { } timeHeader)
        {
            command.AddHeader(timeHeader, "$time");
        }

        var signed = scheme.Signed.Write(place => place switch
        {
            "body" => "$body",
            "timestamp" => "$time",
            "id" => "$id",
            "url" => scheme.BaseUrl is { } url ? TrialCommand.Quoted(url.TrimEnd('/')) + TrialCommand.Quoted(command.Path) : "$webhook",
            "method" => "POST",
            _ => command.Header(SignedText.HeaderOf(place)!),
        });
        command.Lines.Add($"signature=$(printf %s \"{signed}\" | {TrialCommand.Hmac(scheme)})");
        var time = scheme.TimestampPrefix is { } prefix
            ? $"{TrialCommand.Quoted(prefix)}$time{TrialCommand.Quoted(scheme.Separator ?? "")}" : "";
        command.AddHeader(scheme.Header, $"{time}{TrialCommand.Quoted(scheme.Prefix ?? "")}$signature");
    }

    private static string? Timestamp(SignatureScheme scheme, SignedRequest request, string[] items)
    {
        if (scheme.TimestampHeader is { } header)
        {
            return request.Header(header) ?? throw Missing(header);
        }

        return scheme.TimestampPrefix is not { } prefix ? null
            : items.Where(item => item.StartsWith(prefix, StringComparison.Ordinal)).ToList() is [var only] ? only[prefix.Length..]
            : throw Wrong();
    }

    private static List<byte[]> Signatures(SignatureScheme scheme, string[] items) =>
    [
        .. items.Where(item => item.StartsWith(scheme.Prefix, StringComparison.Ordinal))
            .Take(MostSignatures)
            .Select(item => scheme.Decode(item[scheme.Prefix.Length..]) ?? []),
    ];

    private int Which(
        SignatureScheme scheme, SignedRequest request, ReadOnlySpan<byte> body, List<byte[]> signatures, string? timestamp)
    {
        var found = -1;
        for (var i = keys.Count - 1; i >= 0; i--)
        {
            using var hash = IncrementalHash.CreateHMAC(scheme.Hash, keys[i]);
            scheme.Signed.AppendTo(hash, body, place => Value(scheme, request, place, timestamp));
            var expected = hash.GetHashAndReset();
            foreach (var signature in signatures)
            {
                found = CryptographicOperations.FixedTimeEquals(signature, expected) ? i : found;
            }
        }

        return found >= 0 ? found : throw Wrong();
    }

    private static string Value(SignatureScheme scheme, SignedRequest request, string place, string? timestamp) => place switch
    {
        "timestamp" => timestamp!,
        "id" => request.Header(scheme.IdHeader!) ?? throw Missing(scheme.IdHeader!),
        "url" => request.Url(scheme.BaseUrl),
        "method" => request.Method,
        _ => SignedText.HeaderOf(place) is { } header ? request.Header(header) ?? throw Missing(header) : "",
    };
}
