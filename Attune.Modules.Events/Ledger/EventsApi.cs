using System.Globalization;
using Attune.Db;
using Attune.Db.Histograms;
using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Ledger;

internal static class EventsApi
{
    private const string TargetPrefix = "rule_";

    public static void Map(RouteGroupBuilder api)
    {
        var events = api.MapGroup("/events").WithTags("Events");
        events.MapPost("/", AppendAsync).WithName("CreateEvent").WithSummary("Write an event: its trigger has fired");
        events.MapGet("/", ListAsync).WithName("ListEvents").WithSummary("Events, newest first");
        events.MapGet("/histogram", CountAsync).WithName("CountEvents").WithSummary("How many events a list has, by when they came");
        events.MapGet("/{id}", FindAsync).WithName("GetEvent").WithSummary("An event, with its payload");
    }

    private static async Task<Results<Created<Envelope<Event>>, Ok<Envelope<Event>>>> AppendAsync(
        NewEventBody body,
        IdempotencyKey key,
        EventLedger ledger,
        IEventRepository events,
        [FromServices] IRuleTargets? rules,
        CancellationToken cancellationToken)
    {
        var given = body.ToEvent(await TargetAsync(body.TriggerInstanceId, rules, cancellationToken), key);
        var written = await WriteAsync(ledger, given, cancellationToken);

        // Not read back: the event is written, and an answer that fails now would have it sent again.
        var answer = Event.Of(given, written);
        if (written.IsDuplicate)
        {
            var earlier = await events.FindAsync(written.Id, cancellationToken) ?? answer;
            return TypedResults.Ok(new Envelope<Event>(earlier, "An event with this key was written before"));
        }

        return TypedResults.Created($"/api/v1/events/{written.Id}", new Envelope<Event>(answer, "Event created successfully"));
    }

    private static async Task<Listing<EventSummary>> ListAsync(
        EventListQuery query, IEventRepository events, CancellationToken cancellationToken) =>
        query.Listing(await events.ListAsync(query.ToFilter(), query.Request, cancellationToken));

    private static async Task<Envelope<Histogram>> CountAsync(
        EventHistogramQuery query, IEventHistogram events, TimeProvider clock, CancellationToken cancellationToken)
    {
        var filter = query.ToFilter();
        var zone = HistogramZone.Find(query.Zone);
        var edges = HistogramEdges.OfList(
            filter.Since, filter.Until, clock.GetUtcNow(), await events.OldestAsync(cancellationToken), query.Buckets, zone);
        return new(await events.CountAsync(filter, edges, query.By, cancellationToken));
    }

    private static async Task<Envelope<Event>> FindAsync(long id, IEventRepository events, CancellationToken cancellationToken) =>
        new(await events.FindAsync(id, cancellationToken) ?? throw RefusedException.NotFound($"Event with ID {id} not found"));

    private static async Task<AppendedEvent> WriteAsync(EventLedger ledger, NewEvent given, CancellationToken cancellationToken)
    {
        try
        {
            return await ledger.AppendBodyAsync(given, cancellationToken);
        }
        catch (RefusedException refused) when (refused.Field == "key")
        {
            // What the ledger calls a key came as a header.
            throw new RefusedException(refused.Kind, IdempotencyKey.Header, refused.Message);
        }
    }

    private static async Task<RuleTarget?> TargetAsync(string? instance, IRuleTargets? rules, CancellationToken cancellationToken)
    {
        if (instance is null)
        {
            return null;
        }

        if (!instance.StartsWith(TargetPrefix, StringComparison.Ordinal)
            || !long.TryParse(instance[TargetPrefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw RefusedException.Invalid("trigger_instance_id", $"trigger_instance_id must be {TargetPrefix} and the id of a rule.");
        }

        var found = rules is null ? null : await rules.FindAsync(id, cancellationToken);
        return found ?? throw RefusedException.Invalid("trigger_instance_id", $"There is no rule with ID {id}.");
    }
}
