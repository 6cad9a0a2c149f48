using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Attune.Modules.Enforcements.Rules;

internal static class RulesApi
{
    public static Task<Listing<RuleSummary>> ListAsync(PageQuery page, HttpRequest request, IRuleRepository rules, CancellationToken cancellationToken) =>
        ListAsync(Filter(request), page, rules, cancellationToken);

    public static Task<Listing<RuleSummary>> ListEnabledAsync(
        PageQuery page, HttpRequest request, IRuleRepository rules, CancellationToken cancellationToken) =>
        ListAsync(Filter(request) with { EnabledOnly = true }, page, rules, cancellationToken);

    public static Task<Listing<RuleSummary>> ListOfPackAsync(
        [FromRoute(Name = "ref")] string reference, PageQuery page, IRuleRepository rules, CancellationToken cancellationToken) =>
        ListAsync(new() { PackRef = reference }, page, rules, cancellationToken);

    public static Task<Listing<RuleSummary>> ListOfActionAsync(
        [FromRoute(Name = "ref")] string reference, PageQuery page, IRuleRepository rules, CancellationToken cancellationToken) =>
        ListAsync(new() { ActionRef = reference }, page, rules, cancellationToken);

    public static Task<Listing<RuleSummary>> ListOfTriggerAsync(
        [FromRoute(Name = "ref")] string reference, PageQuery page, IRuleRepository rules, CancellationToken cancellationToken) =>
        ListAsync(new() { TriggerRef = reference }, page, rules, cancellationToken);

    public static async Task<Created<Envelope<Rule>>> CreateAsync(
        NewRuleBody body, IRuleRepository rules, CancellationToken cancellationToken)
    {
        var rule = await rules.CreateAsync(body.ToRule(), cancellationToken);
        return TypedResults.Created(
            $"/api/v1/rules/{Uri.EscapeDataString(rule.Ref)}", new Envelope<Rule>(rule, "Rule created successfully"));
    }

    public static async Task<Envelope<Rule>> FindAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        new(await rules.FindAsync(reference, cancellationToken) ?? throw Missing(reference));

    public static Task<Envelope<Rule>> UpdateAsync(
        [FromRoute(Name = "ref")] string reference, RuleUpdateBody body, IRuleRepository rules, CancellationToken cancellationToken) =>
        UpdateAsync(reference, body.ToUpdate(), "Rule updated successfully", rules, cancellationToken);

    public static Task<Envelope<Rule>> EnableAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        UpdateAsync(reference, new() { Enabled = true }, "Rule enabled successfully", rules, cancellationToken);

    public static Task<Envelope<Rule>> DisableAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        UpdateAsync(reference, new() { Enabled = false }, "Rule disabled successfully", rules, cancellationToken);

    public static async Task<Deleted> DeleteAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        await rules.DeleteAsync(reference, cancellationToken)
            ? new($"Rule '{reference}' deleted successfully")
            : throw Missing(reference);

    private static async Task<Listing<RuleSummary>> ListAsync(
        RuleFilter filter, PageQuery page, IRuleRepository rules, CancellationToken cancellationToken) =>
        page.Listing(await rules.ListAsync(filter, page.Request, cancellationToken));

    private static async Task<Envelope<Rule>> UpdateAsync(
        string reference, RuleUpdate update, string message, IRuleRepository rules, CancellationToken cancellationToken) =>
        new(await rules.UpdateAsync(reference, update, cancellationToken) ?? throw Missing(reference), message);

    private static RuleFilter Filter(HttpRequest request) => new()
    {
        EnabledOnly = QueryValues.Flag(request, "enabled"),
        TriggerRef = QueryValues.Text(request, "trigger_ref"),
        ActionRef = QueryValues.Text(request, "action_ref"),
        PackRef = QueryValues.Text(request, "pack_ref"),
    };

    private static RefusedException Missing(string reference) => RefusedException.NotFound($"Rule '{Reference.Shown(reference)}' not found");
}
