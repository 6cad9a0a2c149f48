using System.Net;
using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// What stands between a request that may come in and an event: its sender's question is answered, its proof checked, and only then
/// is it counted.
/// </summary>
internal sealed class WebhookEntrance(WebhookGate gate, AsanaHandshake asana, SnsHandshake sns, TimeProvider clock)
{
    /// <summary>Passes for a delivery that is to become an event.</summary>
    /// <returns>The answer to a question, which is no event; null for a delivery.</returns>
    /// <exception cref="RefusedException">It is not proved, or too much was sent.</exception>
    public async Task<IResult?> PassAsync(
        HttpContext context, WebhookReceiver receiver, WebhookSettings settings, RequestBody body, CancellationToken cancellationToken)
    {
        var asked = Asked(context, settings, body.Bytes);
        var answer = Handshakes.Unproved(asked)
            ?? await asana.AnswerAsync(receiver, settings, asked.Request, cancellationToken)
            ?? await sns.AnswerAsync(receiver, asked, cancellationToken);
        if (answer is null)
        {
            asked.Secret = Prove(context, receiver, settings, asked.Request, body.Bytes);
            answer = Handshakes.Proved(asked);
        }

        if (answer is not null)
        {
            gate.Count(receiver, settings, Counted.Handshake);
        }
        else if (settings.AsksForProof)
        {
            gate.Count(receiver, settings, Counted.Taken);
        }

        return answer;
    }

    /// <summary>Answers a question that is asked without posting anything; null where nothing was asked.</summary>
    /// <exception cref="RefusedException">The question is not one that this webhook answers.</exception>
    public HandshakeAnswer? Answer(HttpContext context, WebhookReceiver receiver, IPAddress? address)
    {
        var settings = gate.Admit(receiver, address);
        gate.Count(receiver, settings, Counted.Handshake);
        return Handshakes.Proved(Asked(context, settings, []));
    }

    private static HandshakeRequest Asked(HttpContext context, WebhookSettings settings, ReadOnlySpan<byte> body) => new(body)
    {
        Request = SignedRequest.Of(context.Request),
        Query = name => context.Request.Query[name],
        Settings = settings.Handshake,
        Rate = settings.RateLimit,
    };

    // The secret of Zoom's that it was, since Zoom wants its question signed in return.
    private string? Prove(
        HttpContext context, WebhookReceiver receiver, WebhookSettings settings, SignedRequest request, ReadOnlySpan<byte> body)
    {
        try
        {
            if (settings.Hmac is { Enabled: true } hmac)
            {
                hmac.Check(name => request.Values(name) is { Count: > 0 } values ? values.ToString() : null, body);
            }

            if (settings.Verification is not { Enabled: true } verification)
            {
                return null;
            }

            var proof = verification.Proof ?? throw WebhookProof.Refused("This webhook has no secret yet: its sender has to name one");
            var which = proof.Check(request, body, clock.GetUtcNow());
            return verification.Scheme == "zoom" ? verification.Secrets[which] : null;
        }
        catch (RefusedException refused) when (refused.Kind == RefusalKind.Unauthenticated)
        {
            // Counted apart: whoever has no secret must not use up what is meant for those who have.
            gate.Count(receiver, settings, Counted.Refused);
            if (settings.Verification is { Enabled: true, Proof.Challenge: { } challenge })
            {
                context.Response.Headers.WWWAuthenticate = challenge;
            }

            throw;
        }
    }
}
