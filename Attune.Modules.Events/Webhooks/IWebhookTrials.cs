using System.Text.Json;
using System.Text.Json.Serialization;
using Attune.Db;

namespace Attune.Modules.Events;

/// <summary>Tries a webhook as its sender would: the delivery takes the way of all others, proof, limits and record included.</summary>
public interface IWebhookTrials
{
    /// <summary>The senders that are known, by what people call them; the last ones are for any other.</summary>
    IReadOnlyList<WebhookSender> Senders { get; }

    /// <summary>The sender that a webhook is set up for, as far as its settings tell.</summary>
    WebhookSender SenderOf(string triggerRef, WebhookConfig config);

    /// <summary>A body as the sender posts it; of now, and with an id of its own where the sender's bodies have one.</summary>
    string Example(WebhookSender sender);

    /// <summary>Posts a body to the webhook of a trigger, proved with its own secret.</summary>
    /// <param name="triggerRef">The trigger.</param>
    /// <param name="sender">Whose headers are sent along.</param>
    /// <param name="body">The body; an example of the sender's where null.</param>
    /// <param name="site">Where Attune is, as the webhook's senders know it: some sign the address.</param>
    /// <param name="cancellationToken">Withdraws it.</param>
    /// <exception cref="RefusedException">There is no such trigger, or it has no webhook, or the webhook refused the delivery.</exception>
    Task<WebhookReceipt> SendAsync(
        string triggerRef, WebhookSender sender, string? body, Uri site, CancellationToken cancellationToken);

    /// <summary>The lines of a shell that do the same; the secret is to be filled in where they say <c>secret='…'</c>.</summary>
    /// <exception cref="RefusedException">There is no such trigger, or it has no webhook.</exception>
    Task<string> CommandAsync(string triggerRef, WebhookSender sender, string body, Uri site, CancellationToken cancellationToken);
}

/// <summary>Somebody who posts to webhooks: how its deliveries are proved, and what they look like.</summary>
public sealed record WebhookSender
{
    /// <summary>What it is called in addresses and routes, such as <c>github</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What people call it.</summary>
    public required string Label { get; init; }

    /// <summary>The scheme of its proof; null where nothing is proved, and <c>signature</c> for the section <c>hmac</c>.</summary>
    public string? Scheme { get; init; }

    /// <summary>Where its secret comes from and what the scheme does, in a sentence or two.</summary>
    public required string About { get; init; }

    /// <summary>True where the sender makes the secret, so that it has to be copied from there.</summary>
    public bool MakesSecret { get; init; }

    /// <summary>The fields of <c>verification</c> that may be set, besides scheme and secrets.</summary>
    public IReadOnlyList<string> Fields { get; init; } = [];

    /// <summary>What the settings say for it from the beginning, without a secret; as <c>webhook_config</c>.</summary>
    public required JsonElement Settings { get; init; }

    /// <summary>The headers that it sends, but for those that prove it.</summary>
    [JsonIgnore]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>A body that it might send.</summary>
    [JsonIgnore]
    public string Body { get; init; } = "";

    /// <summary>The path of the text in that body which names the delivery; null where the body does not.</summary>
    [JsonIgnore]
    public string? IdPath { get; init; }
}
