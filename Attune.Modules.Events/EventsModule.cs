using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Events.Ledger;
using Attune.Modules.Events.Packs;
using Attune.Modules.Events.Pins;
using Attune.Modules.Events.Timers;
using Attune.Modules.Events.Triggers;
using Attune.Modules.Events.Webhooks;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Attune.Modules.Events;

/// <summary>The way into the module: everything it offers is registered here, and nothing else is public but its contract.</summary>
public static class EventsModule
{
    /// <summary>How many of a timer's next ticks are shown.</summary>
    public const int TicksShown = TimerForecast.Shown;

    /// <summary>Passes for the parameters of a rule if its trigger has no timer, or a timer can be made of them.</summary>
    /// <exception cref="RefusedException">It cannot; the field names the place, below <c>trigger_params</c>.</exception>
    public static void CheckTimer(string triggerRef, JsonElement parameters)
    {
        if (TimerTriggers.All.Contains(triggerRef))
        {
            TimerSchedule.Parse(triggerRef, parameters);
            new TimerParameters(parameters).CheckNames(triggerRef);
        }
    }

    /// <summary>
    /// The next ticks of a rule's timer, soonest first; none when its trigger has no timer, or the timer cannot be made or has ended.
    /// </summary>
    /// <param name="triggerRef">The rule's trigger.</param>
    /// <param name="parameters">The rule's trigger parameters.</param>
    /// <param name="after">The instant after which they come.</param>
    /// <param name="most">How many to look for.</param>
    public static IReadOnlyList<DateTimeOffset> NextTicks(string triggerRef, JsonElement parameters, DateTimeOffset after, int most)
    {
        try
        {
            return TicksToCome(triggerRef, parameters, after, most);
        }
        catch (RefusedException)
        {
            // Written past the checks, or past: nothing fires it.
            return [];
        }
    }

    /// <summary>As <see cref="NextTicks"/>, but a timer that would never tick is refused.</summary>
    /// <exception cref="RefusedException">It would not; the field names the place, below <c>trigger_params</c>.</exception>
    public static IReadOnlyList<DateTimeOffset> TicksToCome(string triggerRef, JsonElement parameters, DateTimeOffset after, int most) =>
        TimerTriggers.All.Contains(triggerRef) ? TimerForecast.Of(triggerRef, parameters, after, most) : [];

    /// <summary>Registers the ledger, the repositories and what they need.</summary>
    public static IServiceCollection AddEventsModule(this IServiceCollection services)
    {
        services.AddSection<EventsOptions, EventsOptionsValidator>(EventsOptions.Section);
        services.AddSingleton<EventLedger>();
        services.AddSingleton<IEventLedger>(provider => provider.GetRequiredService<EventLedger>());
        services.AddSingleton<IEventRepository, EventRepository>();
        services.AddSingleton<IEventHistogram, EventHistogram>();
        services.AddSingleton<IEventScanner, EventScanner>();
        services.AddSingleton<PinCopies>();
        services.AddSingleton<PinKeeper>();
        services.AddSingleton<IPinnedEvents, PinnedEvents>();
        services.AddSingleton<ICatalogue, Catalogue>();
        services.AddSingleton<IPackRepository, PackRepository>();
        services.AddSingleton<IPackMembers, TriggersOfPacks>();
        services.AddSingleton<WebhookReceivers>();
        services.AddSingleton<WebhookGate>();
        services.AddSingleton<WebhookEntrance>();
        services.AddSingleton<AsanaHandshake>();
        services.AddSingleton<SnsHandshake>();
        services.AddSingleton<SnsVisits>(_ => new());
        services.AddSingleton<WebhookIntake>();
        services.AddSingleton<WebhookDeliveries>();
        services.AddSingleton<IWebhookDeliveries, DeliveryDesk>();
        services.AddSingleton<WebhookDoor>();
        services.AddSingleton<IWebhookTrials, WebhookTrials>();
        services.AddSingleton<DeliveryLog>();
        services.AddSingleton<DeliveryRecorder>();
        services.AddSingleton<TriggerRepository>();
        services.AddSingleton<ITriggerRepository>(provider => provider.GetRequiredService<TriggerRepository>());
        return services;
    }

    /// <summary>Adds the work that goes on by itself: the timers, and the copies of pinned events.</summary>
    public static IServiceCollection AddEventsServices(this IServiceCollection services) =>
        services.AddHostedService<TimerService>().AddHostedService<PinService>();

    /// <summary>Maps events, their pins, triggers and webhooks below <c>/api/v1</c>.</summary>
    public static void MapEventsApi(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapApi();
        EventsApi.Map(api);
        PinsApi.Map(api);
        TriggersApi.Map(api);
        PacksApi.Map(api);
        TimersApi.Map(api);
        WebhooksApi.Map(api);
        HandshakesApi.Map(api);
        DeliveriesApi.Map(api);
        TrialsApi.Map(api);
    }
}
