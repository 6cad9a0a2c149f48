using Attune.Db;
using Attune.Db.Faults;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Events.Webhooks;

/// <summary>Makes the rows of deliveries: what was taken keeps the first bytes, and what was refused all that taking it in later needs.</summary>
internal sealed class DeliveryRecorder(DeliveryLog log, TimeProvider clock)
{
    // Of what was taken the event has the rest.
    private const int FirstBytes = 512;

    // Of what was refused when there is no room for all of it.
    private const int FirstBytesRefused = 2 * 1024;
    private const int MostKept = 1024 * 1024;

    private const int ClientClosedRequest = 499;
    private const int LongestReason = 1_000;

    private static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(5);

    private readonly DeliveryBudget _budget = new(clock);

    /// <summary>Begins with a request that has come.</summary>
    public WebhookAttempt Begin(WebhookReceiver receiver, HttpRequest request, string? address) => new()
    {
        Receiver = receiver,
        Request = WebhookRequest.Of(request, address, clock.GetUtcNow()),
        Http = request,
        Began = clock.GetTimestamp(),
    };

    public void Taken(WebhookAttempt attempt, WebhookTaken taken, int status)
    {
        var first = taken.Events.Count > 0 ? taken.Events[0] : null;
        log.Add(Row(
            attempt,
            taken.IsRepeated ? DeliveryOutcome.Repeated : DeliveryOutcome.Taken,
            status,
            reason: null,
            taken.Delivery,
            first,
            taken.Events.Count,
            attempt.Body?.Bytes.Length <= FirstBytes,
            attempt.Body is { } body ? body.Bytes[..Math.Min(FirstBytes, body.Bytes.Length)].ToArray() : null));
    }

    public async Task RefusedAsync(WebhookAttempt attempt, Exception error)
    {
        if (!_budget.TakeRow(attempt.Receiver.Id))
        {
            log.Drop(1);
            return;
        }

        await ReadRestAsync(attempt, error);
        var length = attempt.Body?.Bytes.Length ?? 0;
        var isWhole = attempt.Body is not null && length <= MostKept && (length <= FirstBytesRefused || _budget.TakeBytes(length));
        var (status, reason) = Explain(error);
        log.Add(Row(
            attempt,
            DeliveryOutcome.Refused,
            status,
            reason.Length > LongestReason ? reason[..LongestReason] : reason,
            DeliveryKeys.Shown(attempt.Request, attempt.Settings?.Idempotency),
            written: null,
            events: 0,
            isWhole,
            attempt.Body is { } body ? body.Bytes[..(isWhole ? length : Math.Min(FirstBytesRefused, length))].ToArray() : null));
    }

    // Refused before its body was read: what was sent is needed all the same, to take it in later.
    private async Task ReadRestAsync(WebhookAttempt attempt, Exception error)
    {
        if (attempt.Body is not null || attempt.IsReading || error is not RefusedException || attempt.Http.ContentLength > MostKept
            || !RequestBody.IsExpected(attempt.Http))
        {
            return;
        }

        try
        {
            using var enough = new CancellationTokenSource(LongestRest, clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(enough.Token, attempt.Http.HttpContext.RequestAborted);
            await attempt.ReadAsync(new(MostKept), either.Token);
        }
        catch (Exception unread) when (unread is RefusedException or IOException or OperationCanceledException or BadHttpRequestException)
        {
            // It is refused already, and for another reason.
        }
    }

    private DeliveryRow Row(
        WebhookAttempt attempt, DeliveryOutcome outcome, int status, string? reason, string? delivery, AppendedEvent? written, int events,
        bool isWhole, byte[]? body) => new()
        {
            Received = attempt.Request.ReceivedAt,
            Trigger = attempt.Receiver.Id,
            TriggerRef = attempt.Receiver.Ref,
            Outcome = outcome,
            Status = status,
            Reason = reason,
            Method = attempt.Request.Method,
            ContentType = SaidText.Shortened(SaidText.Clean(attempt.Request.ContentType)),
            Delivery = delivery,
            SourceIp = attempt.Request.Address,
            Size = attempt.Body?.Bytes.Length ?? attempt.Http.ContentLength,
            DurationMs = Math.Round(clock.GetElapsedTime(attempt.Began).TotalMilliseconds, 3),
            Event = written?.Id,
            EventCreated = written?.Created,
            Events = events,
            Body = body,
            BodyIsWhole = isWhole,
            Said = outcome == DeliveryOutcome.Refused ? attempt.Request.ToJson(attempt.Settings?.Secrets ?? []) : null,
        };

    private static (int Status, string Reason) Explain(Exception error) => error switch
    {
        RefusedException refused => (RefusalStatus.Of(refused.Kind), refused.Message),
        BadHttpRequestException bad => (bad.StatusCode, "The body could not be read: it was broken off, or came too slowly."),
        // The server's word for the size of a chunk that no number holds: the sender is there, and is told.
        IOException { InnerException: OverflowException } =>
            (StatusCodes.Status400BadRequest, "The body cannot be read: the size of one of its chunks is not one."),
        OperationCanceledException or IOException => (ClientClosedRequest, "The sender went away before it was answered."),
        _ when DatabaseFault.KindOf(error) is FaultKind.Unreachable or FaultKind.TimedOut or FaultKind.ReadOnly or FaultKind.Conflict =>
            (StatusCodes.Status503ServiceUnavailable, "The database could not be reached."),
        _ => (StatusCodes.Status500InternalServerError, "Something went wrong; the log of Attune says what."),
    };
}

/// <summary>A delivery while it is looked at. Its body is lent, and given back at the end.</summary>
internal sealed class WebhookAttempt : IDisposable
{
    public required WebhookReceiver Receiver { get; init; }
    public required WebhookRequest Request { get; init; }
    public required HttpRequest Http { get; init; }
    public required long Began { get; init; }

    /// <summary>The settings of the webhook, once they are read.</summary>
    public WebhookSettings? Settings { get; set; }

    /// <summary>The bytes as they came; null where they were not read.</summary>
    public RequestBody? Body { get; private set; }

    /// <summary>True from when the body is being read: what was read cannot be read again.</summary>
    public bool IsReading { get; private set; }

    /// <exception cref="RefusedException">The body is larger than the limit.</exception>
    public async Task<RequestBody> ReadAsync(BodyLimit limit, CancellationToken cancellationToken)
    {
        limit.Check(Http.ContentLength ?? 0);
        IsReading = true;
        return Body = await RequestBody.ReadAsync(Http, limit, cancellationToken);
    }

    public void Dispose() => Body?.Dispose();
}
