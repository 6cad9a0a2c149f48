using System.Text;
using Attune.Db;
using Attune.Db.Values;

namespace Attune.Modules.Events.Webhooks;

internal sealed class WebhookTrials(WebhookReceivers receivers, WebhookDoor door, TimeProvider clock) : IWebhookTrials
{
    // The names by which a delivery that comes again is told; each trial is another one.
    private static readonly string[] Names =
        ["X-GitHub-Delivery", "Idempotency-Key", "X-Shopify-Webhook-Id", "X-Gitlab-Event-UUID", "Request-ID"];

    public IReadOnlyList<WebhookSender> Senders => KnownSenders.All;

    public WebhookSender SenderOf(string triggerRef, WebhookConfig config) => KnownSenders.Of(triggerRef, config);

    public string Example(WebhookSender sender) => KnownSenders.Fresh(sender);

    public async Task<WebhookReceipt> SendAsync(
        string triggerRef, WebhookSender sender, string? body, Uri site, CancellationToken cancellationToken)
    {
        var (key, settings) = await FindAsync(triggerRef, cancellationToken);
        var bytes = Encoding.UTF8.GetBytes(body ?? Example(sender));
        var request = new TrialRequest(AddressOf(key, site));
        foreach (var (name, value) in sender.Headers)
        {
            request.Headers[name] = Names.Contains(name) ? request.Id : value;
        }

        foreach (var proof in Proofs(settings))
        {
            proof.Sign(request, bytes, clock.GetUtcNow());
        }

        var (_, receipt) = await door.ReceiveAsync(key, request.ToContext(bytes), cancellationToken);
        return receipt ?? throw new RefusedException(
            RefusalKind.Conflict, "body", "This was taken for a question that the sender asks, and answered: it is no event.");
    }

    public async Task<string> CommandAsync(
        string triggerRef, WebhookSender sender, string body, Uri site, CancellationToken cancellationToken)
    {
        var (key, settings) = await FindAsync(triggerRef, cancellationToken);
        var command = new TrialCommand(
            AddressOf(key, site).AbsoluteUri, sender.Headers.Where(header => !Names.Contains(header.Key)).ToDictionary());
        var proofs = Proofs(settings).ToList();
        foreach (var proof in proofs)
        {
            proof.Write(command);
        }

        return command.Write(body, proofs.Count > 0);
    }

    private static Uri AddressOf(string key, Uri site) => new(site, $"api/v1/webhooks/{Uri.EscapeDataString(key)}");

    private static IEnumerable<WebhookProof> Proofs(WebhookSettings settings)
    {
        if (settings.Hmac is { Enabled: true } hmac)
        {
            yield return hmac.Proof;
        }

        if (settings.Verification is { Enabled: true } verification)
        {
            yield return verification.Proof ?? throw new RefusedException(
                RefusalKind.Conflict, null, "This webhook has no secret yet: its sender has to name one.");
        }
    }

    private async Task<(string Key, WebhookSettings Settings)> FindAsync(string triggerRef, CancellationToken cancellationToken)
    {
        var receiver = await receivers.FindByRefAsync(triggerRef, cancellationToken)
            ?? throw RefusedException.NotFound($"Trigger '{Reference.Shown(triggerRef)}' not found");
        return receiver.WebhookKey is { } key
            ? (key, WebhookSettings.Parse(receiver.WebhookConfig))
            : throw new RefusedException(RefusalKind.Conflict, null, $"Trigger '{triggerRef}' has no webhook: turn it on first.");
    }
}
