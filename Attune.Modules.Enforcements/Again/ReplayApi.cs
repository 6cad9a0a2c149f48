using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Attune.Modules.Enforcements.Again;

internal static class ReplayApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapPost("/events/{id}/replay", ReplayAsync).WithName("ReplayEvent").WithTags("Events").WithSummary(
            "Send an event again, as a new one, or try what would come of it");

    private static async Task<Results<Created<Envelope<Event>>, Ok<Envelope<Event>>, Ok<Envelope<ReplayTrial>>>> ReplayAsync(
        long id, ReplayBody body, IdempotencyKey key, IEventReplays replays, CancellationToken cancellationToken)
    {
        var replay = body.ToReplay(key);
        if (body.DryRun == true)
        {
            return TypedResults.Ok(new Envelope<ReplayTrial>(
                await replays.TryAsync(id, replay, cancellationToken) ?? throw NotFound(id), "Nothing was written"));
        }

        var again = await WriteAsync(id, replay, replays, cancellationToken) ?? throw NotFound(id);
        return again.Written.IsDuplicate
            ? TypedResults.Ok(new Envelope<Event>(again.Event, "The event was sent again with this key before"))
            : TypedResults.Created($"/api/v1/events/{again.Event.Id}", new Envelope<Event>(again.Event, $"Event {id} was sent again"));
    }

    private static async Task<ReplayedEvent?> WriteAsync(
        long id, EventReplay replay, IEventReplays replays, CancellationToken cancellationToken)
    {
        try
        {
            return await replays.ReplayAsync(id, replay, cancellationToken);
        }
        catch (RefusedException refused) when (refused.Field == "key")
        {
            // What the ledger calls a key came as a header.
            throw new RefusedException(refused.Kind, IdempotencyKey.Header, refused.Message);
        }
    }

    private static RefusedException NotFound(long id) => RefusedException.NotFound($"Event with ID {id} not found");
}

/// <summary>How a client wants an event to be sent again.</summary>
internal sealed record ReplayBody : IJsonBody<ReplayBody>
{
    public static bool IsOptional => true;

    /// <summary>Another payload. Left out is one thing, and null another.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>The references of the rules that alone are asked.</summary>
    public IReadOnlyList<string>? Rules { get; init; }

    /// <summary>Writes nothing, and answers what would match.</summary>
    public bool? DryRun { get; init; }

    public static BodyLimit Limit(IServiceProvider services) =>
        new(services.GetRequiredService<IOptions<EventsOptions>>().Value.MaxPayloadBytes, EventsOptions.MaxPayloadBytesKey);

    public EventReplay ToReplay(IdempotencyKey key) => new()
    {
        Payload = Payload.ValueKind == JsonValueKind.Undefined ? null : Payload,
        Rules = Rules,
        Key = key.Value,
    };
}
