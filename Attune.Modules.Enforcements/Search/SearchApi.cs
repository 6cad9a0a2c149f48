using System.Net.ServerSentEvents;
using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Search;

/// <summary>
/// Searches as a stream of server-sent events: <c>hits</c> as they are found, <c>progress</c> several times a second, and one
/// <c>end</c>, or an <c>error</c>. Whoever stops listening stops the search.
/// </summary>
internal static class SearchApi
{
    public static void Map(RouteGroupBuilder api)
    {
        api.MapGet("/events/search", EventsAsync)
            .WithTags("Search").WithName("SearchEvents").WithSummary("Events that conditions hold for, newest first");
        api.MapGet("/executions/search", ExecutionsAsync)
            .WithTags("Search").WithName("SearchExecutions").WithSummary("Executions that conditions hold for, newest first");
        api.MapGet("/events/paths", EventPathsAsync)
            .WithTags("Search").WithName("SampleEventPaths").WithSummary("Paths that the payloads of recent events have");
        api.MapGet("/executions/paths", ExecutionPathsAsync)
            .WithTags("Search").WithName("SampleExecutionPaths").WithSummary("Paths that recent executions have");
    }

    private static async Task<Envelope<IReadOnlyList<SampledPath>>> EventPathsAsync(
        EventPathsQuery query, ISampledPaths paths, CancellationToken cancellationToken) =>
        new(await paths.OfEventsAsync(new() { TriggerRef = query.TriggerRef }, cancellationToken));

    private static async Task<Envelope<IReadOnlyList<SampledPath>>> ExecutionPathsAsync(
        ExecutionPathsQuery query, ISampledPaths paths, CancellationToken cancellationToken) =>
        new(await paths.OfExecutionsAsync(new() { ActionRef = query.ActionRef }, cancellationToken));

    private static Task<ServerSentEventsResult<object>> EventsAsync(
        EventSearchQuery query, IEventSearch search, [AsParameters] StepStreams streams, CancellationToken cancellationToken) =>
        streams.StartAsync("A search", token => search.RunAsync(query.ToRequest(), token), Items, cancellationToken);

    private static Task<ServerSentEventsResult<object>> ExecutionsAsync(
        ExecutionSearchQuery query, IExecutionSearch search, [AsParameters] StepStreams streams, CancellationToken cancellationToken) =>
        streams.StartAsync("A search", token => search.RunAsync(query.ToRequest(), token), Items, cancellationToken);

    private static IEnumerable<SseItem<object>> Items<TRow>(SearchStep<TRow> step)
    {
        if (step.Hits.Count > 0)
        {
            yield return new(new { Items = step.Hits }, "hits");
        }

        yield return new(step.Progress, "progress");
        if (step.End is { } end)
        {
            yield return new(new { end.Reason, Next = end.Next?.ToString() }, "end");
        }
    }
}
