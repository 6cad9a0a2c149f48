using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Attune.Db;

/// <summary>How Attune's health checks are registered: by what their failure means for a host.</summary>
public static class HealthChecks
{
    /// <summary>The tag of checks that a host fails when it cannot do its work: others should be asked instead of it.</summary>
    public const string Ready = "ready";

    /// <summary>The tag of the check without which no other has an answer.</summary>
    public const string Connection = "connection";

    /// <summary>The tag of the check without which none of the tables may be read.</summary>
    public const string Schema = "schema";

    private static readonly TimeSpan LongestNeed = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(10);

    /// <summary>Adds a check of what the host needs; without an answer within three seconds it is not there.</summary>
    public static IHealthChecksBuilder AddNeed<TCheck>(this IHealthChecksBuilder checks, string name, params string[] tags)
        where TCheck : class, IHealthCheck =>
        checks.AddCheck<TCheck>(name, HealthStatus.Unhealthy, [Ready, .. tags], LongestNeed);

    /// <summary>
    /// Adds a check of what somebody should look into, whichever host it is asked of: it says Degraded, and makes no host unready.
    /// </summary>
    public static IHealthChecksBuilder AddLook<TCheck>(this IHealthChecksBuilder checks, string name)
        where TCheck : class, IHealthCheck =>
        checks.AddCheck<TCheck>(name, HealthStatus.Degraded, [], LongestLook);
}
