using System.Text.Json;
using Attune.Db.Http;
using Attune.Db.Values;

namespace Attune.Modules.Enforcements.Actions;

/// <summary>An action as a client sends it. What is missing is told by the checks of the repository, which name the field.</summary>
[TakesBack(typeof(Action))]
internal sealed record NewActionBody : IJsonBody<NewActionBody>
{
    public string? Ref { get; init; }
    public string? PackRef { get; init; }
    public string? Label { get; init; }
    public string? Description { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }
    public int? TimeoutSeconds { get; init; }
    public int? MaxRetries { get; init; }

    public NewAction ToAction() => new()
    {
        Ref = Ref ?? "",
        PackRef = PackRef,
        Label = Label ?? "",
        Description = Description,
        ParamSchema = JsonValues.Given(ParamSchema),
        OutSchema = JsonValues.Given(OutSchema),
        TimeoutSeconds = TimeoutSeconds,
        MaxRetries = MaxRetries ?? 0,
    };
}

/// <summary>What a client changes of an action; what is left out or null stays.</summary>
[TakesBack(typeof(Action))]
internal sealed record ActionUpdateBody : IJsonBody<ActionUpdateBody>
{
    public string? Label { get; init; }
    public string? Description { get; init; }
    public JsonElement? ParamSchema { get; init; }
    public JsonElement? OutSchema { get; init; }
    public int? TimeoutSeconds { get; init; }
    public int? MaxRetries { get; init; }

    public ActionUpdate ToUpdate() => new()
    {
        Label = Label,
        Description = Description,
        ParamSchema = JsonValues.Given(ParamSchema),
        OutSchema = JsonValues.Given(OutSchema),
        TimeoutSeconds = TimeoutSeconds,
        MaxRetries = MaxRetries,
    };
}
