using System.Net;
using Attune.Db;
using Microsoft.Extensions.Logging;

namespace Attune.Modules.Events.Webhooks;

/// <summary>
/// Decides from where and how often may be posted to a webhook. Whatever cannot be decided is refused. How often
/// somebody has posted is counted by each host for itself.
/// </summary>
internal sealed partial class WebhookGate(TimeProvider clock, ILogger<WebhookGate> logger)
{
    private readonly RateWindows _windows = new(clock);

    /// <summary>Lets a request in that comes from where it may.</summary>
    /// <returns>What else is asked of it.</returns>
    /// <exception cref="RefusedException">It may not come in.</exception>
    public WebhookSettings Admit(WebhookReceiver receiver, IPAddress? address)
    {
        var settings = Settings(receiver);
        if (settings.IpWhitelist is { Enabled: true } list && !list.Allows(address))
        {
            Log.Stranger(logger, receiver.Ref, address);
            throw new RefusedException(RefusalKind.Forbidden, null, "IP address not allowed");
        }

        return settings;
    }

    /// <summary>
    /// Counts a request towards what may be sent. What is refused for want of a proof, and what senders ask, are counted apart.
    /// </summary>
    /// <exception cref="RefusedException">It is one too many.</exception>
    public void Count(WebhookReceiver receiver, WebhookSettings settings, Counted counted)
    {
        if (settings.RateLimit is { Enabled: true, Requests: { } requests, WindowSeconds: { } seconds })
        {
            Count(receiver, new RateKey(receiver.Id, receiver.WebhookKey ?? "", requests, seconds, counted));
        }
    }

    private WebhookSettings Settings(WebhookReceiver receiver)
    {
        try
        {
            return WebhookSettings.Parse(receiver.WebhookConfig);
        }
        catch (RefusedException refused)
        {
            // Nobody can tell any more what was to be protected, and from whom. The sender is not told what is wrong.
            Log.Closed(logger, receiver.Ref, refused.Message);
            throw new RefusedException(RefusalKind.Forbidden, null, "This webhook takes nothing: its settings cannot be used.");
        }
    }

    private void Count(WebhookReceiver receiver, RateKey counted)
    {
        if (_windows.Count(counted) is { } wait)
        {
            Log.TooOften(logger, receiver.Ref, counted.Requests, counted.WindowSeconds);
            throw new RefusedException(
                RefusalKind.TooMany, null,
                $"This webhook takes {counted.Requests} requests in {counted.WindowSeconds} seconds.") { RetryAfter = wait };
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning,
            Message = "The webhook of trigger {Trigger} takes nothing, since its settings cannot be used: {Reason}")]
        public static partial void Closed(ILogger logger, string trigger, string reason);

        [LoggerMessage(
            Level = LogLevel.Information, Message = "The webhook of trigger {Trigger} refused {Address}, which is not on its list")]
        public static partial void Stranger(ILogger logger, string trigger, IPAddress? address);

        [LoggerMessage(Level = LogLevel.Information,
            Message = "The webhook of trigger {Trigger} had more than {Requests} requests in {Seconds} seconds")]
        public static partial void TooOften(ILogger logger, string trigger, int requests, int seconds);
    }
}
