using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>
/// Events that led to nothing, as a stream of server-sent events: <c>progress</c> several times a second, and one <c>report</c> at the
/// end, or an <c>error</c>.
/// </summary>
internal static class UnmatchedApi
{
    public static void Map(RouteGroupBuilder api) =>
        api.MapGet("/triggers/{ref}/unmatched", RunAsync).WithName("ExplainUnmatchedEvents").WithTags("Explaining").WithSummary(
            "By which conditions the rules of a trigger kept events out that led to nothing");

    private static Task<ServerSentEventsResult<object>> RunAsync(
        [FromRoute(Name = "ref")] string reference, UnmatchedQuery query, IUnmatchedEvents unmatched, [AsParameters] StepStreams streams,
        CancellationToken cancellationToken) => streams.StartAsync(
        "Looking at unmatched events",
        token => unmatched.RunAsync(new() { TriggerRef = reference, Since = query.Since, Until = query.Until }, token),
        static report => [new(report, report.IsLast ? "report" : "progress")], cancellationToken);
}

/// <summary>The events of when, as an address says it.</summary>
internal sealed record UnmatchedQuery : IQuery<UnmatchedQuery>
{
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}
