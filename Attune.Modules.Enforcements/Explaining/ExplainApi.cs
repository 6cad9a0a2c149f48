using Attune.Db;
using Attune.Db.Http;
using Attune.Modules.Enforcements.Rules;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Enforcements.Explaining;

internal static class ExplainApi
{
    public static Task<Envelope<RuleExplanation>> ExplainAsync(
        long id, HttpRequest request, IRuleExplainer explainer, CancellationToken cancellationToken)
    {
        var reference = QueryValues.Text(request, "rule")
            ?? throw new RefusedException(RefusalKind.Malformed, "rule", "rule must be the reference of a rule; a draft of one is sent by POST.");
        return AnswerAsync(id, new() { RuleRef = reference, Version = RuleVersionsApi.Version(request) }, explainer, cancellationToken);
    }

    public static Task<Envelope<RuleExplanation>> ExplainDraftAsync(
        long id, RuleDraftBody body, HttpRequest request, IRuleExplainer explainer, CancellationToken cancellationToken) =>
        AnswerAsync(
            id,
            new() { RuleRef = QueryValues.Text(request, "rule"), Version = RuleVersionsApi.Version(request), Draft = body.ToDraft() },
            explainer,
            cancellationToken);

    private static async Task<Envelope<RuleExplanation>> AnswerAsync(
        long id, RuleSubject subject, IRuleExplainer explainer, CancellationToken cancellationToken) =>
        new(await explainer.ExplainAsync(id, subject, cancellationToken)
            ?? throw RefusedException.NotFound($"Event with ID {id} not found"));
}
