using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Explaining;

/// <summary>
/// Backtests as a stream of server-sent events: <c>progress</c> several times a second, and one <c>report</c> at the end, or an
/// <c>error</c>. Whoever stops listening stops the backtest.
/// </summary>
internal static class BacktestApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var rules = api.MapGroup("/rules").WithTags("Backtests");
        rules.MapPost("/backtest", RunDraftAsync).WithName("BacktestDraft").WithSummary("Try a draft of a rule on stored events");
        rules.MapGet("/{ref}/backtest", RunAsync).WithName("BacktestRule").WithSummary("Try a rule on stored events");
        rules.MapPost("/{ref}/backtest", RunWithBodyAsync)
            .WithName("BacktestRuleWithDraft").WithSummary("Try a rule, or a draft of it, on stored events");
    }

    private static Task<ServerSentEventsResult<object>> RunAsync(
        [FromRoute(Name = "ref")] string reference, BacktestQuery query, IRuleBacktester backtester, [AsParameters] StepStreams streams,
        CancellationToken cancellationToken) =>
        StartAsync(query.ToBody().ToRequest(reference), backtester, streams, cancellationToken);

    private static Task<ServerSentEventsResult<object>> RunWithBodyAsync(
        [FromRoute(Name = "ref")] string reference, BacktestBody body, IRuleBacktester backtester, [AsParameters] StepStreams streams,
        CancellationToken cancellationToken) =>
        StartAsync(body.ToRequest(reference), backtester, streams, cancellationToken);

    private static Task<ServerSentEventsResult<object>> RunDraftAsync(
        BacktestBody body, IRuleBacktester backtester, [AsParameters] StepStreams streams,
        CancellationToken cancellationToken) =>
        body.Draft is null
            ? throw RefusedException.Invalid(
                "draft", "draft must say what to try; a rule that is stored is tried at /rules/{ref}/backtest.")
            : StartAsync(body.ToRequest(null), backtester, streams, cancellationToken);

    private static Task<ServerSentEventsResult<object>> StartAsync(
        BacktestRequest request, IRuleBacktester backtester, StepStreams streams, CancellationToken cancellationToken) => streams.StartAsync(
        "A backtest", token => backtester.RunAsync(request, token),
        static step => [step.Report is { } report ? new(report, "report") : new(step, "progress")], cancellationToken);
}
