using Attune.Db;
using Attune.Db.Histograms;
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
        enforcements.MapGet("/histogram", CountAsync)
            .WithName("CountEnforcements").WithSummary("How many enforcements a list has, by when their events came");
        enforcements.MapGet("/{id}", FindAsync).WithName("GetEnforcement").WithSummary("An enforcement, with its parameters and payload");
        enforcements.MapGet("/{id}/executions", ListExecutionsAsync)
            .WithName("ListExecutionsOfEnforcement").WithSummary("Executions that came of an enforcement, newest first");
    }

    private static async Task<Listing<EnforcementSummary>> ListAsync(
        EnforcementListQuery query, IEnforcementRepository enforcements, CancellationToken cancellationToken) =>
        query.Listing(await enforcements.ListAsync(query.ToFilter(), query.Request, cancellationToken));

    private static async Task<Envelope<Histogram>> CountAsync(
        EnforcementHistogramQuery query, IEnforcementHistogram enforcements, TimeProvider clock, CancellationToken cancellationToken)
    {
        var filter = query.ToFilter();
        var zone = HistogramZone.Find(query.Zone);
        var edges = HistogramEdges.OfList(
            filter.Since, filter.Until, clock.GetUtcNow(), await enforcements.OldestAsync(cancellationToken), query.Buckets, zone);
        return new(await enforcements.CountAsync(filter, edges, query.By, cancellationToken));
    }

    private static async Task<Envelope<Enforcement>> FindAsync(
        long id, IEnforcementRepository enforcements, CancellationToken cancellationToken) =>
        new(await enforcements.FindAsync(id, cancellationToken)
            ?? throw RefusedException.NotFound($"Enforcement with ID {id} not found"));

    private static async Task<Listing<ExecutionSummary>> ListExecutionsAsync(
        long id, PageQuery query, IExecutionRepository executions, CancellationToken cancellationToken) =>
        query.Listing(await executions.ListAsync(new() { Enforcement = id }, query.Request, cancellationToken));
}

/// <summary>Which enforcements to list, as an address says it.</summary>
internal sealed record EnforcementListQuery : EnforcementFilterQuery, IQuery<EnforcementListQuery>;

/// <summary>Which enforcements to count, and how, as an address says it.</summary>
[WithoutPages]
internal sealed record EnforcementHistogramQuery : EnforcementFilterQuery, IQuery<EnforcementHistogramQuery>
{
    public EnforcementLabel By { get; init; }

    /// <summary>The most buckets.</summary>
    [Clamped(4, HistogramEdges.Most)]
    public int Buckets { get; init; } = 48;

    /// <summary>Where hours and days are those of the clock on the wall, by its IANA name.</summary>
    public string? Zone { get; init; }
}

/// <summary>The filters of a list of enforcements.</summary>
internal abstract record EnforcementFilterQuery : ListQuery
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
