using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db.Values;
using MimeKit;
using MimeKit.Text;

namespace Attune.Modules.Enforcements.Actions.Mail;

/// <summary>Makes a mail of an action's parameters. Whatever these hold, it has no header and no recipient that they do not name.</summary>
internal static partial class EmailMessage
{
    private const int MostRecipients = 100;
    private const int LongestSubject = 1_000;
    private const int LongestHeader = 10_000;

    private static readonly string[] Names = ["to", "cc", "bcc", "subject", "text", "html", "reply_to", "headers"];

    // Made here, or by the servers on the way.
    private static readonly HashSet<string> Reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "From", "Sender", "To", "Cc", "Bcc", "Reply-To", "Subject", "Date", "Message-Id", "MIME-Version", "Return-Path", "Received",
        "DKIM-Signature",
    };

    /// <param name="parameters">The action's.</param>
    /// <param name="from">Whom it is from.</param>
    /// <param name="firstExecution">The first attempt: the same mail has the same Message-Id in each.</param>
    /// <exception cref="ActionFailedException">No mail can be made of them.</exception>
    public static MimeMessage Read(JsonElement? parameters, string from, long firstExecution)
    {
        var given = parameters is { ValueKind: JsonValueKind.Object } members
            ? members.EnumerateObject().Where(member => member.Value.ValueKind != JsonValueKind.Null)
                .GroupBy(member => member.Name).ToDictionary(group => group.Key, group => group.Last().Value)
            : [];
        if (given.Keys.FirstOrDefault(name => !Names.Contains(name)) is { } stranger)
        {
            throw Wrong($"There is no parameter '{StorableText.Excerpt(stranger)}'; there are {string.Join(", ", Names)}.");
        }

        var message = new MimeMessage();
        message.From.Add(MailboxAddress.Parse(from));
        message.To.AddRange(Addresses(given, "to"));
        message.Cc.AddRange(Addresses(given, "cc"));
        message.Bcc.AddRange(Addresses(given, "bcc"));
        message.ReplyTo.AddRange(Addresses(given, "reply_to"));
        if (message.To.Count + message.Cc.Count + message.Bcc.Count is 0 or > MostRecipients)
        {
            throw Wrong($"to, cc and bcc must name 1 to {MostRecipients} recipients.");
        }

        // A line break would be folded, and is no part of what somebody reads in a list of mails.
        var subject = Breaks().Replace(Text(given, "subject") ?? "", " ").Trim();
        message.Subject = subject.Length <= LongestSubject ? subject : throw Wrong($"subject is longer than {LongestSubject} characters.");
        if (given.TryGetValue("headers", out var headers))
        {
            AddHeaders(message, headers);
        }

        message.Body = Body(Lines(given, "text"), Lines(given, "html"));
        message.MessageId = MessageId(parameters!.Value, from, firstExecution);
        return message;
    }

    private static MimeEntity Body(string? text, string? html) => (text, html) switch
    {
        (null, null) => throw Wrong("text or html must be given."),
        (_, null) => new TextPart(TextFormat.Plain) { Text = text },
        (null, _) => new TextPart(TextFormat.Html) { Text = html },
        _ => new MultipartAlternative(
            new TextPart(TextFormat.Plain) { Text = text }, new TextPart(TextFormat.Html) { Text = html }),
    };

    // A text of one or several addresses, or a list of such texts.
    private static List<MailboxAddress> Addresses(Dictionary<string, JsonElement> given, string name)
    {
        if (!given.TryGetValue(name, out var value))
        {
            return [];
        }

        var texts = value.ValueKind == JsonValueKind.Array ? value.EnumerateArray() : Enumerable.Repeat(value, 1);
        var addresses = new List<MailboxAddress>();
        foreach (var one in texts.Where(one => one.ValueKind != JsonValueKind.Null))
        {
            var text = one.ValueKind == JsonValueKind.String ? one.GetString()! : "";
            if (Breaks().IsMatch(text) || !InternetAddressList.TryParse(text, out var parsed)
                || parsed.Any(address => address is not MailboxAddress box || !IsWhole(box.Address)))
            {
                throw Wrong(
                    $"{name} ('{StorableText.Excerpt(text)}') must be addresses, such as ada@example.org or Ada <ada@example.org>.");
            }

            addresses.AddRange(parsed.Mailboxes);
        }

        return addresses;
    }

    private static bool IsWhole(string address) =>
        address.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at < address.Length - 1;

    private static void AddHeaders(MimeMessage message, JsonElement headers)
    {
        if (headers.ValueKind != JsonValueKind.Object)
        {
            throw Wrong("headers must be an object of names and texts.");
        }

        foreach (var header in headers.EnumerateObject().Where(header => header.Value.ValueKind != JsonValueKind.Null))
        {
            var shown = StorableText.Excerpt(header.Name);
            if (!Name().IsMatch(header.Name))
            {
                throw Wrong($"headers has a name ('{shown}') that cannot be sent: it must be of letters, digits and -.");
            }

            if (Reserved.Contains(header.Name) || header.Name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase)
                || header.Name.StartsWith("Resent-", StringComparison.OrdinalIgnoreCase))
            {
                throw Wrong($"headers.{shown} cannot be given.");
            }

            var value = header.Value.ValueKind switch
            {
                JsonValueKind.String => header.Value.GetString()!,
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => header.Value.GetRawText(),
                _ => throw Wrong($"headers.{shown} must be a text."),
            };
            message.Headers.Add(header.Name, value.Length <= LongestHeader && !Breaks().IsMatch(value)
                ? value
                : throw Wrong($"headers.{shown} must be a text of one line, of at most {LongestHeader} characters."));
        }
    }

    // A lone CR ends a line to some servers and not to others, which could be told that a mail ends where it does not.
    private static string? Lines(Dictionary<string, JsonElement> given, string name) =>
        Text(given, name) is { } text ? LineEnds().Replace(text, "\r\n") : null;

    private static string? Text(Dictionary<string, JsonElement> given, string name) => !given.TryGetValue(name, out var value) ? null
        : value.ValueKind == JsonValueKind.String ? value.GetString()
        : throw Wrong($"{name} must be a text.");

    // Another installation has executions of the same ids.
    private static string MessageId(JsonElement parameters, string from, long firstExecution)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{firstExecution} {from} {parameters.GetRawText()}"));
        var domain = MailboxAddress.Parse(from).Domain;
        var name = $"attune.{firstExecution}.{Convert.ToHexStringLower(hash.AsSpan(0, 12))}";
        return $"{name}@{(domain is { Length: > 0 } ? domain : "localhost")}";
    }

    private static ActionFailedException Wrong(string message) => new(message, mayRetry: false);

    [GeneratedRegex(@"[\p{Cc}\p{Zl}\p{Zp}]+")]
    private static partial Regex Breaks();

    [GeneratedRegex("\r\n?|\n")]
    private static partial Regex LineEnds();

    [GeneratedRegex("^[A-Za-z0-9-]{1,100}$")]
    private static partial Regex Name();
}
