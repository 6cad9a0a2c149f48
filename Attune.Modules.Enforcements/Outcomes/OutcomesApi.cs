using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Outcomes;

internal static class OutcomesApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGroup("/events/outcomes").WithTags("Events")
        .MapGet("/", ListAsync).WithName("ListEventOutcomes").WithSummary("Events, newest first, with the rules that matched them");

    private static async Task<Listing<MatchedEvent>> ListAsync(
        OutcomeListQuery query, IEventOutcomes outcomes, CancellationToken cancellationToken) =>
        query.Listing(await outcomes.ListAsync(query.ToFilter(), query.Request, cancellationToken));
}

/// <summary>Which events to list by what became of them, as an address says it.</summary>
internal sealed record OutcomeListQuery : ListQuery, IQuery<OutcomeListQuery>
{
    /// <summary>The rule that matched.</summary>
    public string? RuleRef { get; init; }

    public EventResult? Result { get; init; }
    public string? TriggerRef { get; init; }
    public string? SourceRef { get; init; }

    /// <summary>The one rule that the event was meant for.</summary>
    public string? TargetRef { get; init; }

    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    public OutcomeFilter ToFilter() => new()
    {
        RuleRef = RuleRef,
        Result = Result,
        Events = new() { TriggerRef = TriggerRef, SourceRef = SourceRef, RuleRef = TargetRef, Since = Since, Until = Until },
    };
}
