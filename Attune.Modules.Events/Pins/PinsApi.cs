using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Pins;

internal static class PinsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/pins", ListAsync).WithTags("Pinned events").WithName("ListPins").WithSummary("Events kept beyond retention, the newest pin first");
        var pin = api.MapGroup("/events/{id}/pin").WithTags("Pinned events");
        pin.MapGet("/", FindAsync).WithName("GetPin").WithSummary("A pinned event, with the copy that is kept of it");
        pin.MapPut("/", PinAsync).WithName("PinEvent").WithSummary("Keep an event with all that came of it beyond retention");
        pin.MapDelete("/", UnpinAsync).WithName("UnpinEvent").WithSummary("Leave an event to retention, and delete the copy");
    }

    private static async Task<Listing<PinnedEventSummary>> ListAsync(
        PageQuery query, IPinnedEvents pins, CancellationToken cancellationToken) =>
        query.Listing(await pins.ListAsync(query.Request, cancellationToken));

    private static async Task<Envelope<PinnedEvent>> FindAsync(long id, IPinnedEvents pins, CancellationToken cancellationToken) =>
        new(await pins.ReadAsync(id, cancellationToken) ?? throw NotPinned(id));

    private static async Task<Results<Created<Envelope<PinnedEventSummary>>, Ok<Envelope<PinnedEventSummary>>>> PinAsync(
        long id, PinBody body, IPinnedEvents pins, CancellationToken cancellationToken)
    {
        var (pin, isNew) = await pins.PinAsync(id, body.Note, cancellationToken)
            ?? throw RefusedException.NotFound($"Event with ID {id} not found");
        return isNew
            ? TypedResults.Created($"/api/v1/events/{id}/pin", new Envelope<PinnedEventSummary>(pin))
            : TypedResults.Ok(new Envelope<PinnedEventSummary>(pin));
    }

    private static async Task<NoContent> UnpinAsync(long id, IPinnedEvents pins, CancellationToken cancellationToken) =>
        await pins.UnpinAsync(id, cancellationToken) ? TypedResults.NoContent() : throw NotPinned(id);

    private static RefusedException NotPinned(long id) => RefusedException.NotFound($"Event with ID {id} is not pinned");
}

/// <summary>What a client says of an event that it pins.</summary>
internal sealed record PinBody : IJsonBody<PinBody>
{
    public static bool IsOptional => true;

    /// <summary>Why it is kept.</summary>
    public string? Note { get; init; }
}
