using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Http;

namespace Attune.Modules.Enforcements.Enforcements;

internal static class EnforcementsApi
{
    public static async Task<Listing<EnforcementSummary>> ListAsync(
        PageQuery page, HttpRequest request, IEnforcementRepository enforcements, CancellationToken cancellationToken)
    {
        var filter = new EnforcementFilter
        {
            Rule = QueryValues.Number(request, "rule"),
            RuleRef = QueryValues.Text(request, "rule_ref"),
            TriggerRef = QueryValues.Text(request, "trigger_ref"),
            Event = QueryValues.Number(request, "event"),
            Statuses = QueryValues.Choices<EnforcementStatus>(request, "status"),
            Since = QueryValues.Instant(request, "since"),
            Until = QueryValues.Instant(request, "until"),
        };
        return page.Listing(await enforcements.ListAsync(filter, page.Request, cancellationToken));
    }

    public static async Task<Envelope<Enforcement>> FindAsync(
        long id, IEnforcementRepository enforcements, CancellationToken cancellationToken) =>
        new(await enforcements.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Enforcement with ID {id} not found"));

    public static async Task<Listing<ExecutionSummary>> ListExecutionsAsync(
        long id, PageQuery page, IExecutionRepository executions, CancellationToken cancellationToken) =>
        page.Listing(await executions.ListAsync(new() { Enforcement = id }, page.Request, cancellationToken));
}
