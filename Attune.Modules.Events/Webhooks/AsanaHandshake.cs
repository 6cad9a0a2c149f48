using Attune.Db;
using Dapper;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// Asana names the secret itself, when a webhook is made. The first that comes is kept and signs everything after it; another is
/// taken only once an administrator has cleared that one.
/// </summary>
internal sealed partial class AsanaHandshake(ICatalogue catalogue, ILogger<AsanaHandshake> logger)
{
    public const string Sender = "asana";

    private const string Header = "X-Hook-Secret";

    /// <summary>Null when the request is no such question.</summary>
    /// <exception cref="RefusedException">The webhook has another secret already.</exception>
    public async Task<HandshakeAnswer?> AnswerAsync(
        WebhookReceiver receiver, WebhookSettings settings, SignedRequest request, CancellationToken cancellationToken)
    {
        if (settings is not { Verification: { Enabled: true, LearnsSecret: true } verification, Handshake: null or { Sender: Sender } }
            || request.Header(Header) is not { } secret)
        {
            return null;
        }

        HandshakeAnswer.Checked(secret);
        if (verification.Secrets.Any(known => WebhookProof.AreSame(known, secret))
            || (verification.Secrets.Count == 0 && await KeepAsync(receiver.Id, secret, cancellationToken)))
        {
            Log.Known(logger, receiver.Ref);
            return new() { Headers = [(Header, secret)] };
        }

        throw new RefusedException(RefusalKind.Forbidden, Header,
            "This webhook has a secret already; webhook_config.verification.secret must be set to null before another is taken.");
    }

    private Task<bool> KeepAsync(long trigger, string secret, CancellationToken cancellationToken)
    {
        // Two that come at once do not both find the place empty.
        const string sql = """
            UPDATE trigger
               SET webhook_config = jsonb_set(webhook_config, '{verification,secret}', to_jsonb(@secret))
             WHERE id = @trigger
               AND webhook_config #>> '{verification,scheme}' = @Sender
               AND NOT (webhook_config -> 'verification') ?| ARRAY['secret', 'secrets']
            """;

        return catalogue.ChangeAsync(async connection => await connection.ExecuteAsync(new CommandDefinition(
            sql, new { trigger, secret, Sender }, cancellationToken: cancellationToken)) > 0, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information,
            Message = "The webhook of trigger {Trigger} has agreed with Asana on the secret that signs events")]
        public static partial void Known(ILogger logger, string trigger);
    }
}
