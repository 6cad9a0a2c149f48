using Attune.Db;
using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Enforcements;

internal static class EnforcementsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var enforcements = api.MapGroup("/enforcements").WithTags("Enforcements");
        enforcements.MapGet("/", ListAsync).WithName("ListEnforcements").WithSummary("Enforcements, newest first");
        enforcements.MapGet("/{id}", FindAsync).WithName("GetEnforcement").WithSummary("An enforcement, with its parameters and payload");
        enforcements.MapGet("/{id}/executions", ListExecutionsAsync)
            .WithName("ListExecutionsOfEnforcement").WithSummary("Executions that came of an enforcement, newest first");
    }

    private static async Task<Listing<EnforcementSummary>> ListAsync(
        EnforcementListQuery query, IEnforcementRepository enforcements, CancellationToken cancellationToken) =>
        query.Listing(await enforcements.ListAsync(query.ToFilter(), query.Request, cancellationToken));

    private static async Task<Envelope<Enforcement>> FindAsync(
        long id, IEnforcementRepository enforcements, CancellationToken cancellationToken) =>
        new(await enforcements.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Enforcement with ID {id} not found"));

    private static async Task<Listing<ExecutionSummary>> ListExecutionsAsync(
        long id, PageQuery query, IExecutionRepository executions, CancellationToken cancellationToken) =>
        query.Listing(await executions.ListAsync(new() { Enforcement = id }, query.Request, cancellationToken));
}

/// <summary>Which enforcements to list, as an address says it.</summary>
internal sealed record EnforcementListQuery : ListQuery, IQuery<EnforcementListQuery>
{
    public long? Rule { get; init; }
    public string? RuleRef { get; init; }
    public string? TriggerRef { get; init; }
    public long? Event { get; init; }
    public IReadOnlyList<EnforcementStatus> Status { get; init; } = [];
    public bool? Shadow { get; init; }
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }

    public EnforcementFilter ToFilter() => new()
    {
        Rule = Rule,
        RuleRef = RuleRef,
        TriggerRef = TriggerRef,
        Event = Event,
        Statuses = Status,
        Shadow = Shadow,
        Since = Since,
        Until = Until,
    };
}
