using Attune.Db;
using Attune.Db.Http;
using Attune.Db.Values;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Rules;

internal static class RulesApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var rules = api.MapGroup("/rules").WithTags("Rules");
        rules.MapGet("/", ListAsync).WithName("ListRules").WithSummary("Rules, by reference");
        rules.MapPost("/", CreateAsync).WithName("CreateRule").WithSummary("Make a rule; a timer's next ticks are answered");
        rules.MapGet("/enabled", ListEnabledAsync).WithName("ListEnabledRules").WithSummary(
            "Rules that are asked when their trigger fires");
        rules.MapGet("/{ref}", FindAsync).WithName("GetRule").WithSummary("A rule");
        rules.MapPut("/{ref}", UpdateAsync).WithName("UpdateRule").WithSummary(
            "Change a rule; what is left out stays, and a timer's next ticks are answered");
        rules.MapDelete("/{ref}", DeleteAsync).WithName("DeleteRule").WithSummary("Delete a rule; its versions and what came of it stay");
        rules.MapPost("/{ref}/enable", EnableAsync).WithName("EnableRule").WithSummary("Let a rule be asked");
        rules.MapPost("/{ref}/disable", DisableAsync).WithName("DisableRule").WithSummary("Let a rule not be asked");
        MapOf(api, "packs", ListOfPackAsync, "ListRulesOfPack", "Rules of a pack, by reference");
        MapOf(api, "actions", ListOfActionAsync, "ListRulesOfAction", "Rules that run an action, by reference");
        MapOf(api, "triggers", ListOfTriggerAsync, "ListRulesOfTrigger", "Rules of a trigger, by reference");
    }

    private static void MapOf(RouteGroupBuilder api, string owners, Delegate handler, string name, string summary) =>
        api.MapGet($"/{owners}/{{ref}}/rules", handler).WithName(name).WithTags("Rules").WithSummary(summary);

    private static Task<Listing<RuleSummary>> ListAsync(
        RuleListQuery query, IRuleRepository rules, CancellationToken cancellationToken) =>
        ReadAsync(query.ToFilter(query.Enabled), query, rules, cancellationToken);

    private static Task<Listing<RuleSummary>> ListEnabledAsync(
        EnabledRuleListQuery query, IRuleRepository rules, CancellationToken cancellationToken) =>
        ReadAsync(query.ToFilter(enabledOnly: true), query, rules, cancellationToken);

    private static Task<Listing<RuleSummary>> ListOfPackAsync(
        [FromRoute(Name = "ref")] string reference, PageQuery query, IRuleRepository rules, RuleOwners owners,
        CancellationToken cancellationToken) =>
        ReadOfAsync($"Pack '{Reference.Shown(reference)}'", new() { PackRef = reference }, query, rules, owners, cancellationToken);

    private static Task<Listing<RuleSummary>> ListOfActionAsync(
        [FromRoute(Name = "ref")] string reference, PageQuery query, IRuleRepository rules, RuleOwners owners,
        CancellationToken cancellationToken) =>
        ReadOfAsync($"Action '{Reference.Shown(reference)}'", new() { ActionRef = reference }, query, rules, owners, cancellationToken);

    private static Task<Listing<RuleSummary>> ListOfTriggerAsync(
        [FromRoute(Name = "ref")] string reference, PageQuery query, IRuleRepository rules, RuleOwners owners,
        CancellationToken cancellationToken) =>
        ReadOfAsync($"Trigger '{Reference.Shown(reference)}'", new() { TriggerRef = reference }, query, rules, owners, cancellationToken);

    private static async Task<Created<Envelope<Rule>>> CreateAsync(
        NewRuleBody body, IRuleRepository rules, CancellationToken cancellationToken)
    {
        var rule = await rules.CreateAsync(body.ToRule(), cancellationToken);
        return TypedResults.Created(
            $"/api/v1/rules/{Uri.EscapeDataString(rule.Ref)}", new Envelope<Rule>(rule, "Rule created successfully"));
    }

    private static async Task<Envelope<Rule>> FindAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, TimeProvider clock, CancellationToken cancellationToken) =>
        new(RuleTimers.WithTicks(await rules.FindAsync(reference, cancellationToken) ?? throw Missing(reference), clock.GetUtcNow()));

    private static Task<Envelope<Rule>> UpdateAsync(
        [FromRoute(Name = "ref")] string reference, RuleUpdateBody body, IRuleRepository rules, CancellationToken cancellationToken) =>
        ChangeAsync(reference, body.ToUpdate(), "Rule updated successfully", rules, cancellationToken);

    private static Task<Envelope<Rule>> EnableAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        ChangeAsync(reference, new() { Enabled = true }, "Rule enabled successfully", rules, cancellationToken);

    private static Task<Envelope<Rule>> DisableAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        ChangeAsync(reference, new() { Enabled = false }, "Rule disabled successfully", rules, cancellationToken);

    private static async Task<Deleted> DeleteAsync(
        [FromRoute(Name = "ref")] string reference, IRuleRepository rules, CancellationToken cancellationToken) =>
        await rules.DeleteAsync(reference, cancellationToken)
            ? new($"Rule '{reference}' deleted successfully")
            : throw Missing(reference);

    private static async Task<Listing<RuleSummary>> ReadAsync(
        RuleFilter filter, ListQuery query, IRuleRepository rules, CancellationToken cancellationToken) =>
        query.Listing(await rules.ListAsync(filter, query.Request, cancellationToken));

    // Rules outlive their action and their trigger, and are shown as long as there are any.
    private static async Task<Listing<RuleSummary>> ReadOfAsync(
        string owner, RuleFilter filter, ListQuery query, IRuleRepository rules, RuleOwners owners, CancellationToken cancellationToken)
    {
        var page = await rules.ListAsync(filter, query.Request, cancellationToken);
        return page.Items.Count > 0
            || await owners.ExistsAsync(filter, cancellationToken)
            || (await rules.ListAsync(filter, new() { Size = 1 }, cancellationToken)).Items.Count > 0
            ? query.Listing(page)
            : throw RefusedException.NotFound($"{owner} not found");
    }

    private static async Task<Envelope<Rule>> ChangeAsync(
        string reference, RuleUpdate update, string message, IRuleRepository rules, CancellationToken cancellationToken) =>
        new(await rules.UpdateAsync(reference, update, cancellationToken) ?? throw Missing(reference), message);

    private static RefusedException Missing(string reference) =>
        RefusedException.NotFound($"Rule '{Reference.Shown(reference)}' not found");
}
