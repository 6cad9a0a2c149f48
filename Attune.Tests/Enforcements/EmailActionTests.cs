using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Attune.Modules.Enforcements;
using Attune.Modules.Enforcements.Actions.Mail;
using Microsoft.Extensions.Options;
using MimeKit;
using SmtpServer;
using SmtpServer.Authentication;
using SmtpServer.Mail;
using SmtpServer.Protocol;
using SmtpServer.Storage;
using SmtpResponse = SmtpServer.Protocol.SmtpResponse;

namespace Attune.Tests.Enforcements;

/// <summary>core.email against a mail server on this machine.</summary>
[TestFixture]
public sealed class EmailActionTests
{
    private readonly MailBox _box = new();
    private readonly CancellationTokenSource _stop = new();
    private SmtpOptions _options = null!;
    private Task _serving = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.CurrentContext.CancellationToken;

    [OneTimeSetUp]
    public void StartServer()
    {
        var port = FreePort();
        var services = new SmtpServer.ComponentModel.ServiceProvider();
        services.Add((IMessageStore)_box);
        services.Add((IMailboxFilter)_box);
        services.Add(new DelegatingUserAuthenticator((user, password) => (user, password) == ("ada", "s3cret-word")));
        var server = new SmtpServer.SmtpServer(
            new SmtpServerOptionsBuilder().ServerName("test").Endpoint(
                endpoint => endpoint.Endpoint(new IPEndPoint(IPAddress.Loopback, port)).AllowUnsecureAuthentication()).Build(), services);
        _serving = server.StartAsync(_stop.Token);
        _options = new() { Host = "127.0.0.1", Port = port, Security = SmtpSecurity.None, From = "Attune <attune@example.org>" };
    }

    [OneTimeTearDown]
    public async Task StopServerAsync()
    {
        await _stop.CancelAsync();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    [SetUp]
    public void EmptyBox()
    {
        _box.Received.Clear();
        (_options.UserName, _options.Password, _options.Timeout) = ("", "", TimeSpan.FromSeconds(30));
        _box.Delay = TimeSpan.Zero;
    }

    [Test]
    public async Task A_mail_has_its_recipients_subject_texts_and_headers()
    {
        var data = await RunAsync("""
            {"to": "Ada <ada@example.org>, b@example.org", "cc": ["c@example.org"], "bcc": "d@example.org", "reply_to": "answers@example.org",
             "subject": "Grüße ☃", "text": "Hallo\nWelt", "html": "<p>Hallo", "headers": {"X-Priority": 1, "List-Id": "<a.example.org>"} }
            """);

        var (recipients, mail) = _box.Received.Single();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(recipients, Is.EquivalentTo(new[] { "ada@example.org", "b@example.org", "c@example.org", "d@example.org" }));
            Assert.That(mail.From.ToString(), Is.EqualTo("\"Attune\" <attune@example.org>"));
            Assert.That(mail.To.Mailboxes.Select(one => (one.Name, one.Address)), Is.EqualTo(
                new[] { ("Ada", "ada@example.org"), ("", "b@example.org") }));
            Assert.That((mail.Cc.ToString(), mail.ReplyTo.ToString()), Is.EqualTo(("c@example.org", "answers@example.org")));
            Assert.That(mail.Headers.Contains("Bcc"), Is.False);
            Assert.That(mail.Subject, Is.EqualTo("Grüße ☃"));
            Assert.That(mail.TextBody!.ReplaceLineEndings("\n").Trim(), Is.EqualTo("Hallo\nWelt"));
            Assert.That(mail.HtmlBody!.Trim(), Is.EqualTo("<p>Hallo"));
            Assert.That((mail.Headers["X-Priority"], mail.Headers["List-Id"]), Is.EqualTo(("1", "<a.example.org>")));
            Assert.That(data.GetProperty("message_id").GetString(), Is.EqualTo(mail.MessageId));
            Assert.That(mail.MessageId, Does.EndWith("@example.org"));
            Assert.That(data.GetProperty("accepted").EnumerateArray().Select(one => one.GetString()), Is.EqualTo(recipients));
            Assert.That(data.GetProperty("refused").GetArrayLength(), Is.Zero);
        }
    }

    [Test]
    public async Task Attempts_of_one_execution_send_one_message_id_and_other_mails_have_others()
    {
        await RunAsync("""{"to": "a@example.org", "text": "x"}""", attempt: 1);
        await RunAsync("""{"to": "a@example.org", "text": "x"}""", attempt: 2);
        await RunAsync("""{"to": "a@example.org", "text": "y"}""");

        var ids = _box.Received.Select(one => one.Mail.MessageId).ToList();
        Assert.That((ids[0] == ids[1], ids[1] == ids[2]), Is.EqualTo((true, false)));
    }

    [TestCase("""{"to": "a@example.org", "text": "x", "subject": "Hi\r\nBcc: evil@example.org\r\n\r\nbody"}""")]
    [TestCase("""{"to": "a@example.org", "text": "x", "subject": "Hi\u2028Bcc: evil@example.org\u0000"}""")]
    [TestCase("""{"to": "a@example.org", "text": ".\r\nMAIL FROM:<evil@example.org>\r\n.\r\nQUIT\r\n"}""")]
    [TestCase("""{"to": "a@example.org", "text": "x\r.\rMAIL FROM:<evil@example.org>\r\n.\rQUIT\n.\n"}""")]
    [TestCase("""{"to": "\"a\\\\\" b\" <a@example.org>", "text": "\u0000\ud83d\ude00"}""")]
    public async Task A_subject_or_text_cannot_make_headers_or_recipients(string parameters)
    {
        await RunAsync(parameters);

        var (recipients, mail) = _box.Received.Single();
        Assert.That(recipients, Is.EqualTo(new[] { "a@example.org" }));
        Assert.That(mail.Headers.Select(header => header.Field), Is.EquivalentTo(
            new[] { "From", "Date", "Subject", "Message-Id", "To", "MIME-Version" }.Where(
                field => field != "Subject" || mail.Headers.Contains("Subject"))));
    }

    [TestCase("""{"to": "a@example.org\r\nBcc: evil@example.org", "text": "x"}""", "to ('a@example.org")]
    [TestCase("""{"to": "nobody", "text": "x"}""", "to ('nobody') must be addresses")]
    [TestCase("""{"to": "group: a@example.org;", "text": "x"}""", "to ('group: a@example.org;') must be addresses")]
    [TestCase("""{"to": 5, "text": "x"}""", "to ('') must be addresses")]
    [TestCase("""{"to": [], "text": "x"}""", "to, cc and bcc must name 1 to 100 recipients.")]
    [TestCase("""{"to": "a@example.org"}""", "text or html must be given.")]
    [TestCase("""{"to": "a@example.org", "text": 5}""", "text must be a text.")]
    [TestCase("""{"to": "a@example.org", "text": "x", "body": "y"}""", "There is no parameter 'body'; there are to, cc, ")]
    [TestCase("""{"to": "a@example.org", "text": "x", "headers": {"X-A": "b\r\nBcc: evil@example.org"} }""", "headers.X-A must be a text of one line")]
    [TestCase("""{"to": "a@example.org", "text": "x", "headers": {"X-A: b\r\nBcc": "c"} }""", "headers has a name")]
    [TestCase("""{"to": "a@example.org", "text": "x", "headers": {"bcc": "evil@example.org"} }""", "headers.bcc cannot be given.")]
    [TestCase("""{"to": "a@example.org", "text": "x", "headers": {"Content-Type": "a/b"} }""", "headers.Content-Type cannot be given.")]
    public async Task Parameters_that_make_no_mail_are_refused(string parameters, string message)
    {
        var failed = await FailsAsync(parameters);

        Assert.That(failed.Message, Does.StartWith(message));
        Assert.That((failed.MayRetry, _box.Received.Count), Is.EqualTo((false, 0)));
    }

    [TestCase("full@example.org", 452, true)]
    [TestCase("gone@example.org", 550, false)]
    public async Task A_refusal_says_what_the_server_said_and_only_one_that_may_pass_is_attempted_again(string to, int status, bool mayRetry)
    {
        var failed = await FailsAsync($$"""{"to": "{{to}}", "text": "x"}""");

        Assert.That(failed.Message, Does.StartWith(
            $"The mail server 127.0.0.1:{_options.Port} takes the mail for no recipient: {to} ({status}: not {to}"));
        Assert.That((failed.MayRetry, _box.Received.Count), Is.EqualTo((mayRetry, 0)));
    }

    [Test]
    public async Task A_mail_that_some_recipients_got_fails_and_says_who_did_not_and_is_not_sent_again()
    {
        var failed = await FailsAsync("""{"to": ["a@example.org", "full@example.org"], "text": "x"}""");

        var data = (JsonElement)failed.Answer!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(failed.Message, Does.Contain("took the mail for 1 of 2 recipients: full@example.org (452: not full@example.org"));
            Assert.That(failed.MayRetry, Is.False);
            Assert.That(data.GetProperty("accepted")[0].GetString(), Is.EqualTo("a@example.org"));
            Assert.That(data.GetProperty("refused")[0].GetProperty("status").GetInt32(), Is.EqualTo(452));
            Assert.That(_box.Received.Single().Recipients, Is.EqualTo(new[] { "a@example.org" }));
        }
    }

    [TestCase("transient", 451, true)]
    [TestCase("permanent", 554, false)]
    public async Task A_mail_that_the_server_does_not_take_fails_as_it_says(string subject, int status, bool mayRetry)
    {
        var failed = await FailsAsync($$"""{"to": "a@example.org", "subject": "{{subject}}", "text": "x"}""");

        Assert.That(failed.Message, Does.Contain($"said {status}: "));
        Assert.That(failed.MayRetry, Is.EqualTo(mayRetry));
    }

    [Test]
    public async Task A_user_signs_in_and_a_password_that_is_wrong_is_in_no_message()
    {
        (_options.UserName, _options.Password) = ("ada", "s3cret-word");
        await RunAsync("""{"to": "a@example.org", "text": "x"}""");
        _options.Password = "wrong-word";
        var failed = await FailsAsync("""{"to": "a@example.org", "text": "x"}""");

        Assert.That(_box.Received, Has.Count.EqualTo(1));
        Assert.That(failed.Message, Does.Contain("does not let 'ada' sign in").And.Not.Contain("word"));
        Assert.That(failed.MayRetry, Is.False);
    }

    [Test]
    public async Task A_server_that_does_not_answer_in_time_fails_and_may_be_tried_again()
    {
        _box.Delay = TimeSpan.FromSeconds(30);
        _options.Timeout = TimeSpan.FromSeconds(1);

        var failed = await FailsAsync("""{"to": "a@example.org", "text": "x"}""");

        Assert.That(failed.Message, Does.Match("within 1 seconds|timed out|broke"));
        Assert.That(failed.MayRetry, Is.True);
    }

    [Test]
    public async Task A_server_that_is_not_there_or_not_secure_or_not_set_says_so()
    {
        var gone = await FailsAsync("""{"to": "a@example.org", "text": "x"}""", new() { Host = "127.0.0.1", Port = FreePort(), From = "a@b.c" });
        var plain = await FailsAsync(
            """{"to": "a@example.org", "text": "x"}""", new() { Host = "127.0.0.1", Port = _options.Port, From = "a@b.c" });
        var none = await FailsAsync("""{"to": "a@example.org", "text": "x"}""", new());

        using (Assert.EnterMultipleScope())
        {
            Assert.That((gone.Message, gone.MayRetry), Is.EqualTo((gone.Message, true)));
            Assert.That(gone.Message, Does.Contain("cannot be reached"));
            Assert.That(plain.Message, Does.Contain("cannot do what is asked of it").And.Contain("STARTTLS"));
            Assert.That(plain.MayRetry, Is.False);
            Assert.That((none.Message, none.MayRetry), Is.EqualTo(("No mail can be sent: Actions:Smtp:Host is not set.", false)));
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task<JsonElement> RunAsync(string parameters, SmtpOptions? options = null, int attempt = 1)
    {
        using var runner = new ActionTestRunner { Attempt = attempt };
        return (await runner.RunAsync(
            new EmailAction(Options.Create(options ?? _options)), JsonElement.Parse(parameters), Cancellation))!.Value;
    }

    private async Task<ActionFailedException> FailsAsync(string parameters, SmtpOptions? options = null) =>
        (await Assert.ThrowsAsync<ActionFailedException>(() => RunAsync(parameters, options)))!;

    /// <summary>Keeps what comes in, and refuses what it is asked to refuse.</summary>
    private sealed class MailBox : MessageStore, IMailboxFilter
    {
        public ConcurrentQueue<(string[] Recipients, MimeMessage Mail)> Received { get; } = new();

        public TimeSpan Delay { get; set; }

        public override async Task<SmtpResponse> SaveAsync(
            ISessionContext context, IMessageTransaction transaction, ReadOnlySequence<byte> buffer, CancellationToken cancellationToken)
        {
            await Task.Delay(Delay, cancellationToken);
            var mail = await MimeMessage.LoadAsync(new MemoryStream(buffer.ToArray()), cancellationToken);
            switch (mail.Subject)
            {
                case "transient":
                    return new SmtpResponse((SmtpReplyCode)451, "later");
                case "permanent":
                    return new SmtpResponse((SmtpReplyCode)554, "never");
            }

            Received.Enqueue(([.. transaction.To.Select(one => one.AsAddress())], mail));
            return SmtpResponse.Ok;
        }

        public Task<bool> CanAcceptFromAsync(ISessionContext context, IMailbox from, int size, CancellationToken cancellationToken) =>
            Task.FromResult(true);

        public Task<bool> CanDeliverToAsync(ISessionContext context, IMailbox to, IMailbox from, CancellationToken cancellationToken) =>
            to.User switch
            {
                "full" => throw new SmtpResponseException(new((SmtpReplyCode)452, $"not {to.AsAddress()}")),
                "gone" => throw new SmtpResponseException(new((SmtpReplyCode)550, $"not {to.AsAddress()}")),
                _ => Task.FromResult(true),
            };
    }
}
