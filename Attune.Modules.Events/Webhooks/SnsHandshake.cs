using System.Text.RegularExpressions;
using Attune.Db;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// Amazon SNS sends an address that is to be visited before it delivers. Only one of SNS itself is, by https, for the topic that
/// settings name; no redirect is followed.
/// </summary>
internal sealed partial class SnsHandshake(SnsVisits visits, ILogger<SnsHandshake> logger)
{
    private const string Sender = "sns";

    /// <summary>Null when the request is no such question.</summary>
    /// <exception cref="RefusedException">What is to be confirmed is not the topic of this webhook.</exception>
    public async Task<IResult?> AnswerAsync(WebhookReceiver receiver, HandshakeRequest asked, CancellationToken cancellationToken)
    {
        if (asked.Settings?.Sender != Sender || asked.Text("Type") != "SubscriptionConfirmation")
        {
            return null;
        }

        var topic = asked.Settings.Topic!;
        if (asked.Text("TopicArn") != topic || Address(asked.Text("SubscribeURL"), topic) is not { } address)
        {
            throw new RefusedException(RefusalKind.Forbidden, "SubscribeURL",
                "This is no address at which SNS confirms a subscription to the topic of this webhook.");
        }

        if (await visits.VisitAsync(address, cancellationToken))
        {
            Log.Confirmed(logger, receiver.Ref, topic);
            return new HandshakeAnswer();
        }

        // SNS asks again after a while.
        Log.NotConfirmed(logger, receiver.Ref, topic);
        return TypedResults.StatusCode(StatusCodes.Status502BadGateway);
    }

    /// <summary>The address, if it is one at which SNS confirms a subscription to a topic; null otherwise.</summary>
    public static Uri? Address(string? text, string topic)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address)
            || address is not { Scheme: "https", IsDefaultPort: true, AbsolutePath: "/", UserInfo: "", Fragment: "" }
            || Host().Match(address.Host) is not { Success: true } host
            || topic.Split(':') is not ["arn", _, Sender, var region, ..] || region != host.Groups["region"].Value)
        {
            return null;
        }

        var query = QueryHelpers.ParseQuery(address.Query);
        return query.TryGetValue("Action", out var action) && action == "ConfirmSubscription"
            && query.TryGetValue("TopicArn", out var arn) && arn == topic && query.ContainsKey("Token")
            ? address : null;
    }

    [GeneratedRegex(@"\Asns\.(?<region>[a-z0-9-]+)\.amazonaws\.com(\.cn)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The webhook of trigger {Trigger} is subscribed to {Topic}")]
        public static partial void Confirmed(ILogger logger, string trigger, string topic);

        [LoggerMessage(Level = LogLevel.Warning,
            Message = "The webhook of trigger {Trigger} could not be subscribed to {Topic}: SNS did not answer, or did not agree")]
        public static partial void NotConfirmed(ILogger logger, string trigger, string topic);
    }
}

/// <summary>
/// Visits an address of SNS. Whoever answers there has to show a certificate for that name; a machine of ours that has none cannot
/// be reached this way.
/// </summary>
internal sealed class SnsVisits : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly HttpMessageInvoker _invoker;

    public SnsVisits()
        : this(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false, ConnectTimeout = Timeout })
    {
    }

    /// <param name="handler">What sends.</param>
    public SnsVisits(HttpMessageHandler handler) => _invoker = new(handler);

    /// <returns>Whether SNS agreed.</returns>
    public async Task<bool> VisitAsync(Uri address, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            using var response = await _invoker.SendAsync(request, limit.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    public void Dispose() => _invoker.Dispose();
}
