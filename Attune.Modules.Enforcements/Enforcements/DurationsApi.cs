using Attune.Db.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Attune.Modules.Enforcements.Enforcements;

internal static class DurationsApi
{
    private const int MostFailures = 20;

    public static void Map(RouteGroupBuilder api) => api.MapGet("/durations", ReadAsync).WithTags("Enforcements").WithName("GetDurations")
        .WithSummary("How quick enforcements were resolved and executions completed, and what executions failed with");

    private static async Task<Envelope<DurationsAnswer>> ReadAsync(
        DurationsQuery query, IDurations durations, TimeProvider clock, CancellationToken cancellationToken)
    {
        var until = query.Until ?? clock.GetUtcNow() + TimeSpan.FromMinutes(1);
        var since = query.Since ?? (until - DateTimeOffset.MinValue > TimeSpan.FromDays(1) ? until.AddDays(-1) : until);
        return new(new()
        {
            ToResolve = await durations.ToResolveAsync(since, until, cancellationToken),
            ToComplete = await durations.ToCompleteAsync(since, until, cancellationToken),
            Failures = await durations.FailuresAsync(since, until, MostFailures, cancellationToken),
        });
    }
}

/// <summary>Which rows to look at, as an address says it: those of the last day, if nothing is said.</summary>
internal sealed record DurationsQuery : IQuery<DurationsQuery>
{
    public DateTimeOffset? Since { get; init; }
    public DateTimeOffset? Until { get; init; }
}

internal sealed record DurationsAnswer
{
    public DurationPair? ToResolve { get; init; }
    public DurationPair? ToComplete { get; init; }
    public required IReadOnlyList<FailureReason> Failures { get; init; }
}
