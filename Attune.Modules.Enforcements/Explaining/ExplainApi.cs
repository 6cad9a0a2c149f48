using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Explaining;

internal static class ExplainApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var events = api.MapGroup("/events/{id}/explain").WithTags("Explaining");
        events.MapGet("/", ExplainAsync).WithName("ExplainRule").WithSummary("Why a rule matched an event, or why it did not");
        events.MapPost("/", ExplainDraftAsync).WithName("ExplainDraft").WithSummary(
            "Why a draft of a rule would match an event, or why not");
        events.MapGet("/rules", ExplainRulesAsync).WithName("ExplainRules").WithSummary(
            "Which rules of its trigger matched an event, which did not, and why");
    }

    private static Task<Envelope<RuleExplanation>> ExplainAsync(
        long id, ExplainQuery query, IRuleExplainer explainer, CancellationToken cancellationToken)
    {
        var reference = query.Rule
            ?? throw new RefusedException(
                RefusalKind.Malformed, "rule", "rule must be the reference of a rule; a draft of one is sent by POST.");
        return AnswerAsync(id, new() { RuleRef = reference, Version = query.Version }, explainer, cancellationToken);
    }

    private static Task<Envelope<RuleExplanation>> ExplainDraftAsync(
        long id, RuleDraftBody body, ExplainQuery query, IRuleExplainer explainer, CancellationToken cancellationToken) =>
        AnswerAsync(
            id, new() { RuleRef = query.Rule, Version = query.Version, Draft = body.ToDraft() }, explainer, cancellationToken);

    private static async Task<Envelope<EventExplanation>> ExplainRulesAsync(
        long id, ExplainRulesQuery query, IRuleExplainer explainer, CancellationToken cancellationToken) =>
        new(await explainer.ExplainRulesAsync(id, query.Limit ?? EventExplanation.UsualRules, cancellationToken)
            ?? throw RefusedException.NotFound($"Event with ID {id} not found"));

    private static async Task<Envelope<RuleExplanation>> AnswerAsync(
        long id, RuleSubject subject, IRuleExplainer explainer, CancellationToken cancellationToken) =>
        new(await explainer.ExplainAsync(id, subject, cancellationToken)
            ?? throw RefusedException.NotFound($"Event with ID {id} not found"));
}
