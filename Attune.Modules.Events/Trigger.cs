using System.Text.Json;
using System.Text.Json.Serialization;

namespace Attune.Modules.Events;

/// <summary>A kind of thing that can happen.</summary>
public sealed record Trigger
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public long? Pack { get; init; }
    public string? PackRef { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }
    public required bool Enabled { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }
    public required bool WebhookEnabled { get; init; }

    /// <summary>The secret part of the webhook's address; null while the webhook is off.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? WebhookKey { get; init; }

    /// <summary>What the webhook asks of those who post to it; without the secret.</summary>
    public WebhookConfig WebhookConfig { get; init; } = new();

    public required bool IsAdhoc { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>A trigger as a list shows it; without the webhook's key.</summary>
public sealed record TriggerSummary
{
    public required long Id { get; init; }
    public required string Ref { get; init; }
    public string? PackRef { get; init; }
    public required string Label { get; init; }
    public string? Description { get; init; }
    public required bool Enabled { get; init; }
    public required bool WebhookEnabled { get; init; }
    public required DateTimeOffset Created { get; init; }
    public required DateTimeOffset Updated { get; init; }
}

/// <summary>A trigger to be made.</summary>
public sealed record NewTrigger
{
    /// <summary><c>pack.name</c>: lower case, one dot, at most 120 bytes.</summary>
    public required string Ref { get; init; }

    /// <summary>The pack; left out, the part of <see cref="Ref"/> before the dot. A pack that is not there yet is made.</summary>
    public string? PackRef { get; init; }

    public required string Label { get; init; }
    public string? Description { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>Whether it has a webhook from the beginning.</summary>
    public bool WebhookEnabled { get; init; }

    /// <summary>
    /// What the webhook asks of those who post to it: <c>payload_size_limit_kb</c>, <c>ip_whitelist</c>, <c>rate_limit</c>,
    /// <c>hmac</c>.
    /// </summary>
    public JsonElement? WebhookConfig { get; init; }
}

/// <summary>What to change of a trigger; what is left null stays.</summary>
public sealed record TriggerUpdate
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public bool? Enabled { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }

    /// <summary>Sections of the webhook's settings: one that is left out stays, one that is null goes. So does the secret stay.</summary>
    public JsonElement? WebhookConfig { get; init; }
}
