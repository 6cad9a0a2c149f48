using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Enforcements.Api;

internal static class ExplainApi
{
    public static Task<Envelope<RuleExplanation>> ExplainAsync(
        long id, HttpRequest request, IRuleExplainer explainer, CancellationToken cancellationToken)
    {
        var reference = QueryValues.Text(request, "rule")
            ?? throw new RefusedException(RefusalKind.Malformed, "rule", "rule must be the reference of a rule; a draft of one is sent by POST.");
        return AnswerAsync(id, new() { RuleRef = reference, Version = Version(request) }, explainer, cancellationToken);
    }

    public static Task<Envelope<RuleExplanation>> ExplainDraftAsync(
        long id, RuleDraftBody body, HttpRequest request, IRuleExplainer explainer, CancellationToken cancellationToken) =>
        AnswerAsync(
            id,
            new() { RuleRef = QueryValues.Text(request, "rule"), Version = Version(request), Draft = body.ToDraft() },
            explainer,
            cancellationToken);

    /// <summary>The version that a request asks about; null when it names none.</summary>
    public static int? Version(HttpRequest request, string name = "version") => QueryValues.Number(request, name) switch
    {
        null => null,
        >= 1 and <= int.MaxValue and var number => (int)number,
        _ => throw new RefusedException(RefusalKind.Malformed, name, $"{name} must be a whole number from 1 on."),
    };

    private static async Task<Envelope<RuleExplanation>> AnswerAsync(
        long id, RuleSubject subject, IRuleExplainer explainer, CancellationToken cancellationToken) =>
        new(await explainer.ExplainAsync(id, subject, cancellationToken)
            ?? throw RefusedException.NotFound($"Event with ID {id} not found"));
}
