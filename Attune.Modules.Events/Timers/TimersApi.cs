using System.Text.Json;
using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Events.Timers;

internal static class TimersApi
{
    public static void Map(RouteGroupBuilder api) => api.MapPost("/timers/try", Try).WithName("TryTimer").WithTags("Timers").WithSummary(
        "The next ten ticks that a timer with these parameters would have, in UTC; nothing is saved");

    private static Envelope<TriedTimer> Try(TimerBody body, TimeProvider clock)
    {
        var parameters = JsonValues.Given(body.TriggerParams) ?? JsonElement.Parse("{}");
        StorableJson.Check(parameters, "trigger_params");
        return new(new()
        {
            NextTicks = TimerForecast.Of(
                body.TriggerRef ?? throw RefusedException.Invalid("trigger_ref", "trigger_ref must be given."), parameters,
                clock.GetUtcNow(), TimerForecast.Shown),
        });
    }
}

/// <summary>A timer that a client wants to try: what its rule would say.</summary>
internal sealed record TimerBody : IJsonBody<TimerBody>
{
    public string? TriggerRef { get; init; }
    public JsonElement? TriggerParams { get; init; }
}

/// <summary>When a timer would tick.</summary>
internal sealed record TriedTimer
{
    /// <summary>Instants in UTC, soonest first; fewer than ten when there are no more.</summary>
    public required IReadOnlyList<DateTimeOffset> NextTicks { get; init; }
}
