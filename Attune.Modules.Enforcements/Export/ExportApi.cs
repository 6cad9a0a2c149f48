using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Attune.Db;
using Attune.Modules.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Export;

/// <summary>
/// Lists as files, newest first, written while they are read: whoever stops reading stops it. What breaks on the way ends the
/// connection, so that a part is never taken for the whole.
/// </summary>
internal static class ExportApi
{
    public static void Map(RouteGroupBuilder api)
    {
        Describe(api.MapGet("/events/export", Events), "ExportEvents", "Events of a list or a search, as a file");
        Describe(api.MapGet("/enforcements/export", Enforcements), "ExportEnforcements", "Enforcements of a list, as a file");
        Describe(api.MapGet("/executions/export", Executions), "ExportExecutions", "Executions of a list or a search, as a file");
    }

    private static void Describe(RouteHandlerBuilder route, string name, string summary) =>
        route.WithTags("Export").WithName(name).WithSummary(summary).Produces<string>(StatusCodes.Status200OK, "text/csv", "application/x-ndjson");

    private static PushStreamHttpResult Events(
        EventExportQuery query, IEventRepository events, IEventOutcomes outcomes, IEventSearch search, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var filter = query.ToFilter();
        if (query.Q is { } text)
        {
            search.Check(text);
        }

        return Stream("events", query, clock, query.Q is null
            ? ExportRows.ListAsync(async (page, token) =>
            {
                if (filter is { RuleRef: null, Result: null })
                {
                    return await events.ListAsync(filter.Events, page, token);
                }

                var read = await outcomes.ListAsync(filter, page, token);
                return new Page<EventSummary>([.. read.Items.Select(one => one.Event)], read.Next);
            }, cancellationToken)
            : HoldingAsync(
                ExportRows.SearchAsync((after, token) => search.RunAsync(query.Search(filter, after), token), cancellationToken), filter, outcomes,
                cancellationToken), cancellationToken);
    }

    // What became of an event is no part of what is searched: it is asked of what was found.
    private static async IAsyncEnumerable<IReadOnlyList<EventSummary>> HoldingAsync(
        IAsyncEnumerable<IReadOnlyList<EventSummary>> pages, OutcomeFilter filter, IEventOutcomes outcomes,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in pages.WithCancellation(cancellationToken))
        {
            yield return await outcomes.HoldingAsync(filter, page, cancellationToken);
        }
    }

    private static PushStreamHttpResult Executions(
        ExecutionExportQuery query, IExecutionRepository executions, IExecutionSearch search, TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var filter = query.ToFilter();
        if (query.Q is { } text)
        {
            search.Check(text);
        }

        return Stream("executions", query, clock, query.Q is null
            ? ExportRows.ListAsync((page, token) => executions.ListAsync(filter, page, token), cancellationToken)
            : ExportRows.SearchAsync((after, token) => search.RunAsync(query.Search(filter, after), token), cancellationToken), cancellationToken);
    }

    private static PushStreamHttpResult Enforcements(
        EnforcementExportQuery query, IEnforcementRepository enforcements, TimeProvider clock, CancellationToken cancellationToken)
    {
        var filter = query.ToFilter();
        return Stream(
            "enforcements", query, clock,
            ExportRows.ListAsync((page, token) => enforcements.ListAsync(filter, page, token), cancellationToken), cancellationToken);
    }

    private static PushStreamHttpResult Stream<TRow>(
        string name, ExportQuery query, TimeProvider clock, IAsyncEnumerable<IReadOnlyList<TRow>> pages, CancellationToken cancellationToken)
    {
        if (query.Since >= query.Until)
        {
            throw RefusedException.Invalid("since", "since must be before until.");
        }

        var format = ExportFormat.Of(query.Format);
        var columns = ExportFormat.Columns<TRow>(query.Columns);
        return TypedResults.Stream(
            async stream =>
            {
                var output = PipeWriter.Create(stream, new(leaveOpen: true));
                format.Begin(output, columns);
                await foreach (var page in pages)
                {
                    foreach (var row in page)
                    {
                        format.Write(output, columns, JsonSerializer.SerializeToElement(row, Json.Options));
                    }

                    // No further row is read before these have gone.
                    await output.FlushAsync(cancellationToken);
                }

                await output.CompleteAsync();
            },
            format.MediaType,
            $"{name}-{clock.GetUtcNow():yyyyMMdd-HHmmss}.{format.Extension}");
    }
}
