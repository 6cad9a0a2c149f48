using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Charting;

internal static class ChartingApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/events/values", ValuesAsync)
        .WithTags("Events").WithName("ListEventValues").WithSummary("What the newest events of a list have at a path of their payload");

    private static async Task<Envelope<PathValues>> ValuesAsync(
        EventValuesQuery query, IPathValues values, CancellationToken cancellationToken) =>
        new(await values.ReadAsync(query.ToRequest(), cancellationToken));
}

/// <summary>Which values to read, as an address says it.</summary>
internal sealed record EventValuesQuery : IQuery<EventValuesQuery>
{
    /// <summary>A path into the payload, such as <c>total</c> or <c>alerts[*].status</c>.</summary>
    public string? Path { get; init; }

    /// <summary>Conditions in their text form.</summary>
    public string? Q { get; init; }

    /// <summary>The rule that matched.</summary>
    [AlsoNamed("rule")]
    public string? RuleRef { get; init; }

    public EventResult? Result { get; init; }

    [AlsoNamed("trigger")]
    public string? TriggerRef { get; init; }

    [AlsoNamed("source")]
    public string? SourceRef { get; init; }

    /// <summary>The one rule that the events were meant for.</summary>
    [AlsoNamed("target")]
    public string? TargetRef { get; init; }

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    public PathValuesRequest ToRequest() => new()
    {
        Path = Path ?? throw new RefusedException(
            RefusalKind.Malformed, "path", "path is missing: a path into the payload, such as total or alerts[*].status."),
        Query = Q,
        Filter = new()
        {
            RuleRef = RuleRef,
            Result = Result,
            Events = new() { TriggerRef = TriggerRef, SourceRef = SourceRef, RuleRef = TargetRef, Since = Since, Until = Until },
        },
    };
}
