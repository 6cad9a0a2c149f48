using System.Globalization;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.RegularExpressions;
using Attune.Db.Values;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Attune.Modules.Enforcements.Actions.Mail;

/// <summary>Sends a mail by the server that the settings name.</summary>
internal sealed partial class EmailAction(IOptions<SmtpOptions> options) : IAction<JsonElement?, JsonElement?>
{
    private const int LongestAnswer = 500;
    private const int MostConnections = 20;

    // Mail servers turn away who comes with too many connections. The others wait here, and keep no other action waiting.
    private static readonly SemaphoreSlim Connections = new(MostConnections);

    public async Task<JsonElement?> RunAsync(JsonElement? parameters, ActionContext context, CancellationToken cancellationToken)
    {
        if (options.Value.Host.Length == 0)
        {
            throw Final($"No mail can be sent: {SmtpOptions.Section}:{nameof(SmtpOptions.Host)} is not set.");
        }

        using var message = EmailMessage.Read(parameters, options.Value.From, context.FirstExecutionId);
        await Connections.WaitAsync(cancellationToken);
        try
        {
            return await SendAsync(message, context, cancellationToken);
        }
        finally
        {
            Connections.Release();
        }
    }

    private string Address => $"{options.Value.Host}:{options.Value.ChosenPort}";

    private string Server => $"The mail server {Address}";

    private async Task<JsonElement> SendAsync(MimeMessage message, ActionContext context, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.Value.Timeout);
        using var client = new MailClient { Timeout = (int)options.Value.Timeout.TotalMilliseconds, CheckCertificateRevocation = false };
        try
        {
            await SendAsync(client, message, context, timeout.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ActionFailedException(string.Create(
                CultureInfo.InvariantCulture, $"{Server} did not take the mail within {options.Value.Timeout.TotalSeconds} seconds."));
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            throw Explain(error, client, message);
        }

        return client.Refused.Count == 0
            ? Data(client, message)
            : throw new ActionFailedException(
                $"{Server} took the mail for {client.Accepted.Count} of {client.Accepted.Count + client.Refused.Count} recipients: "
                    + client.RefusedText,
                Data(client, message), mayRetry: false);
    }

    private async Task SendAsync(MailClient client, MimeMessage message, ActionContext context, CancellationToken cancellationToken)
    {
        context.Say($"Connects to {Address}.");
        await client.ConnectAsync(options.Value.Host, options.Value.ChosenPort, options.Value.Security switch
        {
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
            SmtpSecurity.None => SecureSocketOptions.None,
            _ => SecureSocketOptions.StartTls,
        }, cancellationToken);
        if (options.Value.UserName.Length > 0)
        {
            await client.AuthenticateAsync(options.Value.UserName, options.Value.Password, cancellationToken);
        }

        context.Say("Connected; sends the mail.");
        await client.SendAsync(message, cancellationToken);
        context.Say($"The server took the mail for {client.Accepted.Count} of {client.Accepted.Count + client.Refused.Count} recipients.");
        try
        {
            await client.DisconnectAsync(quit: true, cancellationToken);
        }
        catch (Exception error) when (error is IOException or ProtocolException or SocketException or OperationCanceledException)
        {
            // The mail is on its way; how the server takes leave changes nothing.
        }
    }

    // A server says 4xx of what may pass, and 5xx of what will not (RFC 5321, 4.2.1).
    private ActionFailedException Explain(Exception error, MailClient client, MimeMessage message) => error switch
    {
        _ when client.Refused.Count > 0 && client.Accepted.Count == 0 =>
            new($"{Server} takes the mail for no recipient: {client.RefusedText}", Data(client, message), client.MayPass),
        SmtpCommandException said => new($"{Server} said {Said(said)}", mayRetry: IsPassing(said.StatusCode)),
        AuthenticationException { InnerException: SmtpCommandException said } =>
            new($"{Server} does not let '{options.Value.UserName}' sign in. It said {Said(said)}", mayRetry: IsPassing(said.StatusCode)),
        AuthenticationException => Final($"{Server} does not let '{options.Value.UserName}' sign in."),
        SslHandshakeException => Final($"No secure connection to {Address}: {OneLine(error.InnerException?.Message ?? error.Message)}"),
        NotSupportedException => Final($"{Server} cannot do what is asked of it: {OneLine(error.Message)}"),
        SocketException => new($"{Server} cannot be reached: {error.Message}"),
        IOException or ProtocolException => new($"The connection to {Address} broke: {OneLine(error.Message)}"),
        _ => new($"The mail could not be sent: {OneLine(error.Message)}"),
    };

    private static bool IsPassing(SmtpStatusCode status) => (int)status is >= 400 and < 500;

    private static string Said(SmtpCommandException said) =>
        string.Create(CultureInfo.InvariantCulture, $"{(int)said.StatusCode}: {OneLine(said.Message)}");

    // One line, without control characters: it is another program's text.
    private static string OneLine(string text)
    {
        var line = Breaks().Replace(text, " ").Trim();
        return line.Length > LongestAnswer ? line[..LongestAnswer] + "…" : line;
    }

    private static JsonElement Data(MailClient client, MimeMessage message) => JsonElement.Parse(RenderedJson.Bytes(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("message_id", message.MessageId);
        writer.WriteStartArray("accepted");
        foreach (var address in client.Accepted)
        {
            writer.WriteStringValue(address);
        }

        writer.WriteEndArray();
        writer.WriteStartArray("refused");
        foreach (var (address, said) in client.Refused)
        {
            writer.WriteStartObject();
            writer.WriteString("address", address);
            writer.WriteNumber("status", (int)said.StatusCode);
            writer.WriteString("said", OneLine(said.Response));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("response", OneLine(client.Response));
        writer.WriteEndObject();
    }));

    private static ActionFailedException Final(string message) => new(message, mayRetry: false);

    [GeneratedRegex(@"[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+")]
    private static partial Regex Breaks();

    /// <summary>Notes which recipients the server took, and goes on without those that it did not.</summary>
    private sealed class MailClient : SmtpClient
    {
        public List<string> Accepted { get; } = [];

        public List<(string Address, SmtpResponse Said)> Refused { get; } = [];

        /// <summary>What the server said when it had taken the mail.</summary>
        public string Response { get; private set; } = "";

        public bool MayPass => Refused.TrueForAll(one => IsPassing(one.Said.StatusCode));

        public string RefusedText => string.Join("; ", Refused.Take(3).Select(one => string.Create(
            CultureInfo.InvariantCulture, $"{one.Address} ({(int)one.Said.StatusCode}: {OneLine(one.Said.Response)})")));

        public override async Task<string> SendAsync(
            FormatOptions options, MimeMessage message, CancellationToken cancellationToken = default,
            ITransferProgress? progress = null) => Response = await base.SendAsync(options, message, cancellationToken, progress);

        protected override void OnRecipientAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Accepted.Add(mailbox.Address);

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Refused.Add((mailbox.Address, response));
    }
}
