using System.Security.Cryptography;
using System.Text;
using Attune.Db;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>A question that a sender asks before it posts events.</summary>
/// <param name="Sender">What settings call it.</param>
/// <param name="Method">The method by which it asks.</param>
/// <param name="Kind">When it may be answered.</param>
/// <param name="Answer">Answers it; null when this is not the question.</param>
internal sealed record Handshake(string Sender, string Method, HandshakeKind Kind, Func<HandshakeRequest, HandshakeAnswer?> Answer);

internal enum HandshakeKind
{
    /// <summary>Nobody could take it for anything else, so it is answered unless settings name another sender.</summary>
    Unmistakable,

    /// <summary>Likewise; but its sender cannot prove it as it proves events, so where it is named it need not be proved.</summary>
    Unproved,

    /// <summary>Answered only where settings name its sender; it cannot be proved.</summary>
    Named,
}

/// <summary>The questions that are answered, each as its sender documents.</summary>
internal static class Handshakes
{
    private const string Challenge = "challenge";
    private const int LongestPlainToken = 255;

    private static readonly Handshake[] All =
    [
        new("slack", HttpMethods.Post, HandshakeKind.Unmistakable, asked =>
            asked.Text("type") == "url_verification" && asked.Text(Challenge) is { } text ? HandshakeAnswer.Json((Challenge, text)) : null),
        new("zoom", HttpMethods.Post, HandshakeKind.Unmistakable, Zoom),
        new("twitch", HttpMethods.Post, HandshakeKind.Unmistakable, asked =>
            asked.Header("Twitch-Eventsub-Message-Type") == "webhook_callback_verification"
                ? HandshakeAnswer.Text(asked.Text(Challenge)) : null),
        new("graph", HttpMethods.Post, HandshakeKind.Unproved, asked =>
            asked.Query("validationToken").Count > 0 ? HandshakeAnswer.EscapedText(asked.Parameter("validationToken")) : null),
        new("event_grid", HttpMethods.Post, HandshakeKind.Unproved, asked =>
            asked.Text("eventType") == "Microsoft.EventGrid.SubscriptionValidationEvent"
                && asked.Text("data", "validationCode") is { } code ? HandshakeAnswer.Json(("validationResponse", code)) : null),
        new("monday", HttpMethods.Post, HandshakeKind.Named, asked =>
            asked.HasOnly(Challenge) && asked.Text(Challenge) is { } text ? HandshakeAnswer.Json((Challenge, text)) : null),
        new("cloudevents", HttpMethods.Options, HandshakeKind.Unmistakable, CloudEventsHandshake.Answer),
        new("event_grid", HttpMethods.Options, HandshakeKind.Unmistakable, CloudEventsHandshake.Answer),
        new("okta", HttpMethods.Get, HandshakeKind.Unmistakable, asked =>
            asked.Header("X-Okta-Verification-Challenge") is { } text ? HandshakeAnswer.Json(("verification", text)) : null),
        new("meta", HttpMethods.Get, HandshakeKind.Unmistakable, Meta),
        new("websub", HttpMethods.Get, HandshakeKind.Named, WebSub),
        new("dropbox", HttpMethods.Get, HandshakeKind.Unmistakable, asked =>
            asked.Query(Challenge).Count > 0 ? HandshakeAnswer.Text(asked.Parameter(Challenge)) : null),
        new("trello", HttpMethods.Get, HandshakeKind.Named, asked => asked.Request.Target.Contains('?', StringComparison.Ordinal)
            ? null : new HandshakeAnswer()),
    ];

    /// <summary>What settings may name. The last two need more than an answer, and are dealt with elsewhere.</summary>
    public static IReadOnlyList<string> Senders { get; } =
        [.. All.Select(handshake => handshake.Sender).Concat(["asana", "sns"]).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>The answer to a question that counts whether or not it is proved; null when none was asked.</summary>
    public static HandshakeAnswer? Unproved(HandshakeRequest asked) => Of(asked, handshake =>
        handshake.Sender == asked.Settings?.Sender && handshake.Kind is (HandshakeKind.Unproved or HandshakeKind.Named));

    /// <summary>The answer to any question, once the request has proved what the webhook asks; null when none was asked.</summary>
    public static HandshakeAnswer? Proved(HandshakeRequest asked) => Of(asked, handshake => asked.Settings is { } settings
        ? handshake.Sender == settings.Sender : handshake.Kind != HandshakeKind.Named);

    private static HandshakeAnswer? Of(HandshakeRequest asked, Func<Handshake, bool> isMeant)
    {
        foreach (var handshake in All)
        {
            if (handshake.Method == asked.Request.Method && isMeant(handshake) && handshake.Answer(asked) is { } answer)
            {
                return answer;
            }
        }

        return null;
    }

    // Zoom wants its token signed in return. What may be signed so can be no text that a delivery has signed: that holds colons.
    private static HandshakeAnswer? Zoom(HandshakeRequest asked)
    {
        if (asked.Text("event") != "endpoint.url_validation" || asked.Text("payload", "plainToken") is not { } token)
        {
            return null;
        }

        if (asked.Secret is not { } secret)
        {
            throw new RefusedException(
                RefusalKind.Forbidden, null, "This webhook has no secret of Zoom's: webhook_config.verification needs the scheme zoom.");
        }

        return token.Length <= LongestPlainToken && token.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '=')
            ? HandshakeAnswer.Json(("plainToken", token), ("encryptedToken", Convert.ToHexStringLower(
                HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(token)))))
            : throw new RefusedException(RefusalKind.Malformed, "payload.plainToken", "payload.plainToken is no token of Zoom's.");
    }

    private static HandshakeAnswer? Meta(HandshakeRequest asked)
    {
        if (asked.Query("hub.mode").Count == 0)
        {
            return null;
        }

        if (asked.Settings?.Token is not { } token)
        {
            throw new RefusedException(RefusalKind.Forbidden, null,
                "No subscription is confirmed: webhook_config.handshake has to name meta with its token, or websub with its topic.");
        }

        return WebhookProof.AreSame(asked.Parameter("hub.verify_token") ?? "", token) && asked.Parameter("hub.mode") == "subscribe"
            ? HandshakeAnswer.Text(asked.Parameter("hub.challenge"))
            : throw new RefusedException(RefusalKind.Forbidden, "hub.verify_token", "hub.verify_token is not that of this webhook.");
    }

    private static HandshakeAnswer? WebSub(HandshakeRequest asked)
    {
        var mode = asked.Parameter("hub.mode");
        if (mode is not ("subscribe" or "unsubscribe" or "denied"))
        {
            return null;
        }

        if (asked.Parameter("hub.topic") != asked.Settings!.Topic)
        {
            throw new RefusedException(RefusalKind.Forbidden, "hub.topic", "hub.topic is not the one that this webhook is for.");
        }

        return mode == "denied" ? new() : HandshakeAnswer.Text(asked.Parameter("hub.challenge"));
    }
}
