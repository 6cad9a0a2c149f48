using System.Text.Json;

namespace Attune.Modules.Events.Webhooks;

/// <summary>The trigger behind a webhook, with its secrets. No record, since those print what they hold.</summary>
internal sealed class WebhookReceiver
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public string? WebhookKey { get; init; }
    public required JsonElement WebhookConfig { get; init; }
}
