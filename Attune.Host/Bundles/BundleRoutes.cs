using System.Globalization;
using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Events;

namespace Attune.Host.Bundles;

/// <summary>Everything that is known of an event, as one file for a ticket.</summary>
internal static class BundleRoutes
{
    public static IServiceCollection AddBundles(this IServiceCollection services) => services
        .AddSingleton<EventBundles>()
        .AddSingleton<IEventBundles>(provider => provider.GetRequiredService<EventBundles>());

    public static void MapBundles(this IEndpointRouteBuilder routes) =>
        routes.MapApi().MapGet("/events/{id}/bundle", BundleAsync).WithName("BundleEvent").WithTags("Events").WithSummary(
            "An event with all that came of it and why, as one file; secrets are masked. Of one that has expired, what its pin keeps");

    private static async Task<IResult> BundleAsync(
        long id, IEventRepository events, IPinnedEvents pins, EventBundles bundles, CancellationToken cancellationToken)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"attune-event-{id}.json");
        if (await events.FindAsync(id, cancellationToken) is { } found)
        {
            return TypedResults.Stream(stream => bundles.WriteAsync(found, stream, cancellationToken), "application/json", name);
        }

        var pin = await pins.ReadAsync(id, cancellationToken) ?? throw RefusedException.NotFound($"Event with ID {id} not found");
        return TypedResults.Stream(stream => EventBundles.WriteAsync(pin.Bundle, stream, cancellationToken), "application/json", name);
    }
}
