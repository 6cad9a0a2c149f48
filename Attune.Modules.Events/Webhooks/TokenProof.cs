using System.Text;

namespace Attune.Modules.Events.Webhooks;

/// <summary>A secret that is sent as it is, in a header.</summary>
/// <param name="header">The header.</param>
/// <param name="prefix">What comes before the secret, in any case; empty for nothing.</param>
/// <param name="secrets">The secrets.</param>
internal sealed class TokenProof(string header, string prefix, IReadOnlyList<string> secrets) : WebhookProof
{
    public override bool CoversBody => false;

    public override string? Challenge => prefix.Equals("Bearer ", StringComparison.OrdinalIgnoreCase) ? "Bearer" : null;

    public override int Check(SignedRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var given = request.Header(header) ?? throw Refused($"Token required: send {header}");
        var token = given.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) ? given[prefix.Length..] : "";

        // Headers reach us with a character for each byte, or as UTF-8.
        var bytes = token.All(letter => letter <= byte.MaxValue) ? Encoding.Latin1.GetBytes(token) : [];
        var which = IndexOf(secrets, secret => AreSame(token, secret) | AreSame(bytes, Encoding.UTF8.GetBytes(secret)));
        return which >= 0 ? which : throw Refused("Invalid webhook token");
    }

    public override void Sign(TrialRequest request, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        request.Headers[header] = prefix + secrets[0];

    public override void Write(TrialCommand command) => command.AddHeader(header, $"{TrialCommand.Quoted(prefix)}$secret");
}

/// <summary>A name and a password, as HTTP's own Basic scheme has them.</summary>
internal sealed class BasicProof(string user, IReadOnlyList<string> passwords) : WebhookProof
{
    private const string Header = "Authorization";
    private const string Prefix = "Basic ";

    public override bool CoversBody => false;

    public override string? Challenge => "Basic realm=\"webhook\", charset=\"UTF-8\"";

    public override int Check(SignedRequest request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        var given = request.Header(Header) ?? throw Refused("User and password required: send Authorization: Basic …");
        var sent = given.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? Decode(given[Prefix.Length..].Trim()) : null;
        var which = IndexOf(passwords, password => AreSame(sent ?? [], Encoding.UTF8.GetBytes($"{user}:{password}")));
        return which >= 0 ? which : throw Refused("Invalid user or password");
    }

    public override void Sign(TrialRequest request, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        request.Headers[Header] = Prefix + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{passwords[0]}"));

    public override void Write(TrialCommand command) => command.Options.Add($"-u \"{TrialCommand.Quoted(user)}:$secret\"");

    private static byte[]? Decode(string text)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
