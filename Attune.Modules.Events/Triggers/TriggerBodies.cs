using System.Text.Json;
using Attune.Db.Http;
using Attune.Db.Values;

namespace Attune.Modules.Events.Triggers;

/// <summary>A trigger as a client sends it. What is missing is told by the checks of the repository, which name the field.</summary>
[TakesBack(typeof(Trigger))]
internal sealed record NewTriggerBody : IJsonBody<NewTriggerBody>
{
    public string? Ref { get; init; }
    public string? PackRef { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }
    public bool? Enabled { get; init; }
    public JsonElement? WebhookConfig { get; init; }

    public NewTrigger ToTrigger() => new()
    {
        Ref = Ref ?? "",
        PackRef = PackRef,
        Label = Label ?? "",
        Description = Description,
        ParamSchema = JsonValues.Given(ParamSchema),
        OutSchema = JsonValues.Given(OutSchema),
        Enabled = Enabled ?? true,
        WebhookConfig = JsonValues.Given(WebhookConfig),
    };
}

/// <summary>What a client changes of a trigger; what is left out or null stays.</summary>
[TakesBack(typeof(Trigger))]
internal sealed record TriggerUpdateBody : IJsonBody<TriggerUpdateBody>
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }
    public bool? Enabled { get; init; }
    public JsonElement? WebhookConfig { get; init; }

    public TriggerUpdate ToUpdate() => new()
    {
        Label = Label,
        Description = Description,
        Enabled = Enabled,
        ParamSchema = JsonValues.Given(ParamSchema),
        OutSchema = JsonValues.Given(OutSchema),
        WebhookConfig = JsonValues.Given(WebhookConfig),
    };
}

/// <summary>The settings that a webhook is opened with; they may be left out.</summary>
internal sealed record OpenedWebhookBody : IJsonBody<OpenedWebhookBody>
{
    public static bool IsOptional => true;

    public JsonElement? WebhookConfig { get; init; }
}
